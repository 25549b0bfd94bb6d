/// A reference that is passed on to its own loop.
///
/// `@unchecked Sendable` is sound where it is only followed on that loop, as whoever makes one sees to.
struct LoopBound<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
