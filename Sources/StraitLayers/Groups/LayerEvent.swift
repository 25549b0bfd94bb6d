package import StraitCore
internal import Synchronization

/// A message in transit to the members of a group, or to one channel. All members share one instance.
package final class LayerEvent: Sendable {
    /// The WebSocket payload that forwards an event to a socket.
    package struct Outgoing: Sendable {
        package let payload: Bytes
        package let isText: Bool
    }

    private enum Content: Sendable {
        /// A message, and the value that was encoded as the message if this process sent it.
        case message(LayerMessage, value: (any Sendable)?)
        /// A payload that sockets forward unchanged, and an attachment for members that handle the event.
        case raw(Outgoing, attachment: (any Sendable)?)
    }

    private let content: Content
    /// The member that sent the event and does not want to receive it, if any.
    package let sender: ObjectIdentifier?
    /// The number of a message that members receive once, even if it is published again.
    package let once: OnceNumber?
    /// The time when the event expires and is dropped.
    package let expires: Instant
    /// The approximate number of bytes that the event takes in a queue.
    package let cost: Int
    private let made = Mutex(Made())

    private struct Made {
        var outgoing: Result<Outgoing, LayerError>?
        var frames: [Int: Bytes?] = [:]
    }

    /// The type of messages that sockets forward unchanged. The payload is under `text` or `bytes`.
    package static let rawType = "websocket.send"
    private static let overhead = 128

    /// - Parameter value: The value that `message` was encoded from. Members of this process use it without decoding.
    package init(
        _ message: LayerMessage, value: (any Sendable)? = nil, sender: ObjectIdentifier? = nil,
        once: OnceNumber? = nil, expires: Instant
    ) {
        content = .message(message, value: value)
        self.sender = sender
        self.once = once
        self.expires = expires
        cost = Self.overhead + message.cost
    }

    /// Creates an event that sockets forward unchanged. A text `payload` is UTF-8.
    package init(
        raw payload: Bytes, isText: Bool, value attachment: (any Sendable)? = nil, sender: ObjectIdentifier? = nil,
        expires: Instant
    ) {
        content = .raw(Outgoing(payload: payload, isText: isText), attachment: attachment)
        self.sender = sender
        once = nil
        self.expires = expires
        cost = Self.overhead + payload.count
    }

    /// The event as a message.
    package var message: LayerMessage {
        switch content {
        case .message(let message, _): message
        case .raw(let raw, _):
            ["type": .string(Self.rawType), raw.isText ? "text" : "bytes": raw.value]
        }
    }

    /// The attachment of an event that sockets forward unchanged, for members that handle the event.
    package var attachment: (any Sendable)? {
        if case .raw(_, let attachment) = content { attachment } else { nil }
    }

    /// Returns the event as a `Value`: the sender's own value if it has that type, otherwise decoded from the message.
    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if case .message(_, let value?) = content, let value = value as? Value { return value }
        return try message.decode(type)
    }

    /// The payload for sockets that forward the event: the message as JSON, or the content of a `websocket.send`. It is
    /// computed once for all sockets.
    package var outgoing: Result<Outgoing, LayerError> {
        guard case .message(let message, _) = content else {
            if case .raw(let raw, _) = content { return .success(raw) }
            preconditionFailure("An event is either a message or raw.")
        }
        return made.withLock { made in
            if let outgoing = made.outgoing { return outgoing }
            let outgoing = Result { () throws(LayerError) in try Self.outgoing(message) }
            made.outgoing = outgoing
            return outgoing
        }
    }

    private static func outgoing(_ message: LayerMessage) throws(LayerError) -> Outgoing {
        guard message.type == rawType else { return Outgoing(payload: try message.json(), isText: true) }
        if let text = message["text"]?.string { return Outgoing(payload: Bytes(text), isText: true) }
        if let bytes = message["bytes"]?.bytes { return Outgoing(payload: bytes, isText: false) }
        throw .invalidMessage("A websocket.send needs text or bytes.")
    }

    /// Returns the result of `make`, computed once for all sockets of the same kind. Sockets with the same compression
    /// window have the same `kind`, for example.
    package func frame(_ kind: Int, _ make: () -> Bytes?) -> Bytes? {
        made.withLock { made in
            if let ready = made.frames[kind] { return ready }
            let frame = make()
            made.frames[kind] = .some(frame)
            return frame
        }
    }
}

extension LayerEvent.Outgoing {
    fileprivate var value: LayerValue {
        isText ? .string(String(decoding: payload, as: UTF8.self)) : .bytes(payload)
    }
}

/// Events of one group that reached an event loop together. The data derived from them is computed once and shared by
/// all members. Loop-bound.
package final class EventBatch {
    package let events: [LayerEvent]
    /// The first event's number within its group. The other events have the following numbers.
    let first: UInt64
    /// Whether an event excludes its sender.
    let hasSender: Bool
    /// The approximate size of the largest event in bytes.
    package let largest: Int
    private var bytes: Bytes?
    private var singles: [EventBatch] = []

    /// The size in bytes at which a batch takes no further events.
    static let limit = 64 << 10

    /// Creates a batch of one event that was queued individually.
    package convenience init(_ event: LayerEvent) { self.init([event], first: 0) }

    init(_ events: [LayerEvent], first: UInt64) {
        self.events = events
        self.first = first
        largest = events.reduce(0) { max($0, $1.cost) }
        hasSender = events.contains { $0.sender != nil }
    }

    var last: UInt64 { first + UInt64(events.count - 1) }

    /// Returns the result of `make` for all events. It is computed once and shared by all sockets that forward the
    /// events.
    package func joined(_ make: ([LayerEvent]) -> Bytes) -> Bytes {
        if let bytes { return bytes }
        let bytes = make(events)
        self.bytes = bytes
        return bytes
    }

    /// One batch per event, for members that do not receive all of the events.
    var each: [EventBatch] {
        if events.count == 1 { return [self] }
        if singles.isEmpty {
            singles = events.enumerated().map { EventBatch([$1], first: first + UInt64($0)) }
        }
        return singles
    }
}
