import StraitWebSocket

/// The messages that wait for a consumer, in order, with a limit in bytes.
///
/// A consumer takes one event after the other. What its peer sends meanwhile waits here, and past `limit` the
/// connection is no longer read: TCP then slows the peer down.
///
/// A ring that hands each message over without counting its references up and down; an array costs several times as
/// much, and two calls of this are made for every message. The loop's `Ring` would be the same, but a generic type of
/// another module is not specialised.
@safe final class Mailbox {
    /// What one message costs besides its payload, so that empty messages fill the mailbox too.
    static let overhead = 64

    // Sound: the `count` places from `head` on, and no others, are initialized; `capacity` is a power of two or zero.
    private var places: UnsafeMutablePointer<Message>?
    private var capacity = 0
    private var head = 0
    private var count = 0
    private var bytes = 0
    /// How many messages were taken out since the start.
    private(set) var handed: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    deinit { removeAll() }

    var isEmpty: Bool { count == 0 }
    /// How many messages were put in since the start.
    var arrived: UInt64 { handed &+ UInt64(count) }
    var isFull: Bool { bytes >= limit }
    /// Whether there is room again, with some distance to being full so that reading does not start and stop all the time.
    var hasRoom: Bool { bytes <= limit / 2 }

    func append(_ message: consuming Message) {
        if count == capacity { grow() }
        bytes &+= Self.overhead &+ message.payload.count
        let place = (head &+ count) & (capacity &- 1)
        unsafe (places! + place).initialize(to: message)
        count &+= 1
    }

    /// - Precondition: the mailbox is not empty.
    func removeFirst() -> Message {
        precondition(count > 0, "Nothing waits in the mailbox.")
        let message = unsafe (places! + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        handed &+= 1
        bytes &-= Self.overhead &+ message.payload.count
        return message
    }

    /// Drops what waits, and the memory, and says how many messages that were.
    @discardableResult
    func removeAll() -> Int {
        let dropped = count
        while count > 0 { _ = removeFirst() }
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
