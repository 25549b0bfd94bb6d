package import StraitNetwork
internal import Synchronization

/// A message on its way to the members of a group, or to one channel. All members share it.
package final class LayerEvent: Sendable {
    /// What a socket gets to which an event is only passed on.
    package struct Outgoing: Sendable {
        package let payload: Bytes
        package let isText: Bool
    }

    private enum Content: Sendable {
        /// A message, and the value that it was made of where it was sent in this process.
        case message(LayerMessage, value: (any Sendable)?)
        /// What goes to sockets as it is, and what members get of it that handle it.
        case raw(Outgoing, attachment: (any Sendable)?)
    }

    private let content: Content
    /// Whom it is not for: the member that sent it, where that was asked for.
    package let sender: ObjectIdentifier?
    /// When it is too old to be of use.
    package let expires: Instant
    /// About how many bytes it takes to keep it waiting.
    package let cost: Int
    private let made = Mutex(Made())

    private struct Made {
        var outgoing: Result<Outgoing, LayerError>?
        var frames: [Int: Bytes?] = [:]
    }

    /// The type of the messages that sockets are sent as they are, under `text` or `bytes`.
    package static let rawType = "websocket.send"
    private static let overhead = 128

    /// - Parameter value: What `message` was made of; members that want it need not decode it.
    package init(
        _ message: LayerMessage, value: (any Sendable)? = nil, sender: ObjectIdentifier? = nil, expires: Instant
    ) {
        content = .message(message, value: value)
        self.sender = sender
        self.expires = expires
        cost = Self.overhead + message.cost
    }

    /// An event that is passed on to sockets as it is, `payload` in UTF-8 where it is text.
    package init(
        raw payload: Bytes, isText: Bool, value attachment: (any Sendable)? = nil, sender: ObjectIdentifier? = nil,
        expires: Instant
    ) {
        content = .raw(Outgoing(payload: payload, isText: isText), attachment: attachment)
        self.sender = sender
        self.expires = expires
        cost = Self.overhead + payload.count
    }

    /// What was sent.
    package var message: LayerMessage {
        switch content {
        case .message(let message, _): message
        case .raw(let raw, _):
            ["type": .string(Self.rawType), raw.isText ? "text" : "bytes": raw.value]
        }
    }

    /// What goes with an event that is passed on as it is, for members that handle it.
    package var attachment: (any Sendable)? {
        if case .raw(_, let attachment) = content { attachment } else { nil }
    }

    /// What was sent as a `Value`: the sender's own where it was one, else decoded.
    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if case .message(_, let value?) = content, let value = value as? Value { return value }
        return try message.decode(type)
    }

    /// What the sockets get that the event is only passed on to, made once for all of them: the message as JSON, or
    /// what a `websocket.send` holds.
    package var outgoing: Result<Outgoing, LayerError> {
        guard case .message(let message, _) = content else {
            if case .raw(let raw, _) = content { return .success(raw) }
            preconditionFailure("An event is one or the other.")
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

    /// What `make` made of the event for all sockets of one kind, once for all of them; `kind` is theirs, such as the
    /// window of their compression.
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
