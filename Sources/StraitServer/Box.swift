/// A value in a place of its own on the heap, used there without being moved or checked for exclusive access. Loop-bound.
///
/// For the parsers, which are large and are used with every read: as a plain property of a class one would be moved out
/// and back each time. Whoever holds a box sees to it that a use of the value ends before the next one begins.
@safe package final class Box<Value: ~Copyable> {
    // Sound: initialized from `init` to `deinit`, and nobody else has the address.
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
