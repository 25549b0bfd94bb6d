/// A double-ended queue in a ring buffer. Adding or removing an element at either end moves no other element, except
/// when the buffer grows.
///
/// A ring has no buffer before its first element and after ``removeAll(keepingCapacity:)`` with capacity 0. Elements
/// move in and out without reference counting. All methods are inlinable, so that other modules can specialize them.
///
/// If a class uses a ring for each message, declare the property `@exclusivity(unchecked)`. Otherwise Swift checks each
/// access for exclusivity, which costs more than the access itself.
@usableFromInline @safe package struct Ring<Element>: ~Copyable {
    // SAFETY: exactly the `count` places from `head` on are initialized, and `capacity` is a power of two or zero.
    @usableFromInline var places: UnsafeMutablePointer<Element>?
    @usableFromInline var capacity = 0
    @usableFromInline var head = 0
    /// The number of elements.
    @usableFromInline package internal(set) var count = 0

    /// The capacity of the first buffer.
    @usableFromInline static var smallest: Int { 4 }

    @inlinable package init() {}

    @inlinable deinit {
        for index in 0..<count { unsafe place(index)?.deinitialize(count: 1) }
        unsafe places?.deallocate()
    }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// Returns the place of the element at `index`, or nil if there is no buffer.
    @inlinable func place(_ index: Int) -> UnsafeMutablePointer<Element>? {
        guard let places = unsafe places else { return nil }
        return unsafe places + ((head &+ index) & (capacity &- 1))
    }

    /// The element at `index`, counted from the front.
    ///
    /// - Precondition: `index` is at least 0 and less than ``count``.
    @inlinable package subscript(index: Int) -> Element {
        get {
            guard index >= 0, index < count, let place = unsafe place(index) else {
                preconditionFailure("The ring has no element at this index.")
            }
            return unsafe place.pointee
        }
        _modify {
            guard index >= 0, index < count, let place = unsafe place(index) else {
                preconditionFailure("The ring has no element at this index.")
            }
            yield unsafe &place.pointee
        }
    }

    /// The element at the front, or nil if the ring is empty.
    @inlinable package var first: Element? { isEmpty ? nil : self[0] }

    /// The element at the end, or nil if the ring is empty.
    @inlinable package var last: Element? { isEmpty ? nil : self[count &- 1] }

    // MARK: Adding

    /// Adds an element at the end.
    @inlinable package mutating func append(_ element: consuming Element) {
        if count == capacity { grow() }
        guard let place = unsafe place(count) else { preconditionFailure("A full ring grows first.") }
        unsafe place.initialize(to: element)
        count &+= 1
    }

    /// Adds an element at the front.
    @inlinable package mutating func prepend(_ element: consuming Element) {
        if count == capacity { grow() }
        guard let place = unsafe place(-1) else { preconditionFailure("A full ring grows first.") }
        unsafe place.initialize(to: element)
        head = (head &- 1) & (capacity &- 1)
        count &+= 1
    }

    @inlinable mutating func grow() {
        let larger = max(Self.smallest, capacity &* 2)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        for index in 0..<count {
            if let place = unsafe place(index) { unsafe (moved + index).moveInitialize(from: place, count: 1) }
        }
        unsafe places?.deallocate()
        unsafe places = moved
        capacity = larger
        head = 0
    }

    // MARK: Taking

    /// Removes and returns the element at the front.
    ///
    /// - Precondition: the ring is not empty.
    @inlinable package mutating func removeFirst() -> Element {
        guard count > 0, let places = unsafe places else { preconditionFailure("The ring is empty.") }
        let element = unsafe (places + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return element
    }

    /// Removes and returns the element at the front, or returns nil if the ring is empty.
    @inlinable package mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }

    /// Removes and returns the element at the end, or returns nil if the ring is empty.
    @inlinable package mutating func popLast() -> Element? {
        guard count > 0, let place = unsafe place(count &- 1) else { return nil }
        count &-= 1
        return unsafe place.move()
    }

    /// Removes all elements, and returns them as another ring.
    @inlinable package mutating func takeAll() -> Ring {
        var taken = Ring()
        swap(&self, &taken)
        return taken
    }

    /// Removes the elements for which `isRemoved` returns true. The others keep their order.
    @inlinable package mutating func removeAll(where isRemoved: (Element) -> Bool) {
        for _ in 0..<count {
            let element = removeFirst()
            if !isRemoved(element) { append(element) }
        }
    }

    /// Removes all elements, and frees the buffer if it has room for more than `kept` elements.
    @inlinable package mutating func removeAll(keepingCapacity kept: Int = 0) {
        while count > 0 { _ = removeFirst() }
        head = 0
        if capacity <= kept { return }
        unsafe places?.deallocate()
        unsafe places = nil
        capacity = 0
    }
}

// SAFETY: a ring is the only owner of its buffer and elements.
extension Ring: @unchecked Sendable where Element: Sendable {}
