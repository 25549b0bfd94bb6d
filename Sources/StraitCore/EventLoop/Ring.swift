/// A queue that moves elements in and out without reference counting. Loop-bound.
///
/// For an array in a class, Swift checks exclusive access at every use and counts references to removed elements. Both
/// would cost time at each wake of each connection. A final class with plain private properties avoids both.
@safe final class Ring<Element> {
    // SAFETY: only the `count` places from `head` on are initialized; `capacity` is a power of two or zero.
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
        guard let places = unsafe places else { preconditionFailure("A full ring grows first.") }
        unsafe (places + ((head &+ count) & (capacity &- 1))).initialize(to: element)
        count &+= 1
    }

    /// Removes and returns the first element.
    ///
    /// - Precondition: the ring is not empty.
    func removeFirst() -> Element {
        guard count > 0, let places = unsafe places else { preconditionFailure("The ring is empty.") }
        let element = unsafe (places + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return element
    }

    /// Removes and returns the last element, or returns nil if the ring is empty.
    func popLast() -> Element? {
        guard count > 0, let places = unsafe places else { return nil }
        count &-= 1
        return unsafe (places + ((head &+ count) & (capacity &- 1))).move()
    }

    private func grow() {
        let larger = max(16, capacity &* 2)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        if let places = unsafe places {
            for index in 0..<count {
                unsafe (moved + index).moveInitialize(from: places + ((head &+ index) & (capacity &- 1)), count: 1)
            }
            unsafe places.deallocate()
        }
        unsafe places = moved
        capacity = larger
        head = 0
    }
}
