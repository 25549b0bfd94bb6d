/// A heap-allocated value that is used in place, without moves and without checks for exclusive access. Loop-bound.
///
/// It holds the parsers, which are large and used at every read. A plain property of a class would be moved out and
/// back each time. The owner of a box must finish one use of the value before it begins the next.
@safe package final class Box<Value: ~Copyable> {
    // SAFETY: initialized from `init` to `deinit`, and no other code has the address.
    private let place: UnsafeMutablePointer<Value>

    package init(_ value: consuming Value) {
        unsafe place = .allocate(capacity: 1)
        unsafe place.initialize(to: value)
    }

    deinit {
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
    }

    package var value: Value {
        @inline(__always) _read { yield unsafe place.pointee }
        @inline(__always) _modify { yield &(unsafe place.pointee) }
    }
}
