import StraitWebSocket

/// Messages in order: a ring that hands each over without counting its references up and down.
///
/// A class with memory of its own rather than an array in a struct: two of its calls are made for every message, and an
/// array costs several times as much there.
@safe final class MessageQueue {
    // Sound: the `count` places from `head` on, and no others, are initialized; `capacity` is a power of two or zero.
    private var places: UnsafeMutablePointer<Message>?
    private var capacity = 0
    private var head = 0
    private(set) var count = 0

    deinit { removeAll() }

    var isEmpty: Bool { count == 0 }

    func append(_ message: consuming Message) {
        if count == capacity { grow() }
        let place = (head &+ count) & (capacity &- 1)
        unsafe (places! + place).initialize(to: message)
        count &+= 1
    }

    func popFirst() -> Message? {
        guard count > 0 else { return nil }
        let message = unsafe (places! + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return message
    }

    /// Drops all messages and the memory, and says how many they were.
    @discardableResult
    func removeAll() -> Int {
        let dropped = count
        while popFirst() != nil {}
        unsafe places?.deallocate()
        unsafe places = nil
        capacity = 0
        head = 0
        return dropped
    }

    private func grow() {
        let larger = max(4, capacity &* 2)
        let moved = UnsafeMutablePointer<Message>.allocate(capacity: larger)
        for index in 0..<count {
            unsafe (moved + index).moveInitialize(from: places! + ((head &+ index) & (capacity &- 1)), count: 1)
        }
        unsafe places?.deallocate()
        unsafe places = moved
        capacity = larger
        head = 0
    }
}
