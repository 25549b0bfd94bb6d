/// What waits in a row, handed over without counting its references up and down. Loop-bound.
///
/// An array in a class is checked for exclusive access with every use, and counts what is taken from it; both are paid for
/// each wake of each connection. A final class with plain private fields is not.
@safe final class Ring<Element> {
    // Sound: the `count` places from `head` on, and no others, are initialized; `capacity` is a power of two or zero.
    private var places: UnsafeMutablePointer<Element>?
    private var capacity = 0
    private var head = 0
    private(set) var count = 0

    init() {}

    deinit {
        while count > 0 { _ = removeFirst() }
        unsafe places?.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    func append(_ element: consuming Element) {
        if count == capacity { grow() }
        unsafe (places! + ((head &+ count) & (capacity &- 1))).initialize(to: element)
        count &+= 1
    }

    /// - Precondition: the ring is not empty.
    func removeFirst() -> Element {
        precondition(count > 0, "Nothing waits here.")
        let element = unsafe (places! + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return element
    }

    /// The element that was appended last, or nil.
    func popLast() -> Element? {
        guard count > 0 else { return nil }
        count &-= 1
        return unsafe (places! + ((head &+ count) & (capacity &- 1))).move()
    }

    private func grow() {
        let larger = max(16, capacity &* 2)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        for index in 0..<count {
            unsafe (moved + index).moveInitialize(from: places! + ((head &+ index) & (capacity &- 1)), count: 1)
        }
        unsafe places?.deallocate()
        unsafe places = moved
        capacity = larger
        head = 0
    }
}
