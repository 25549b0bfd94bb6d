internal import StraitCore
internal import StraitJSON

/// Messages as JSON, in the format of Django's `MessageEncoder`: a list of
/// `["__json_message", 0 or 1 for safe HTML, level, text, extra tags]`.
enum MessageText {
    /// The last element of a list whose remaining messages are in the session.
    static let notFinished = "__messagesnotfinished__"
    private static let name = "__json_message"

    /// Returns one message as JSON.
    static func json(_ message: FlashMessage, separator: StaticString = ",") -> Bytes {
        var output = ByteBuffer(capacity: 64 + message.text.utf8.count)
        output.append(UInt8(ascii: "["))
        output.append(json: name)
        output.append(separator)
        output.append(UInt8(ascii: message.isSafe ? "1" : "0"))
        output.append(separator)
        output.append(json: message.level.rawValue)
        output.append(separator)
        output.append(json: message.text)
        if let tags = message.extraTags {
            output.append(separator)
            output.append(json: tags)
        }
        output.append(UInt8(ascii: "]"))
        return output.freeze()
    }

    /// Returns a list of messages as JSON.
    static func list(
        _ messages: some Sequence<Bytes>, isFinished: Bool = true, separator: StaticString = ","
    ) -> Bytes {
        var output = ByteBuffer(capacity: 256)
        output.append(UInt8(ascii: "["))
        var isFirst = true
        for message in messages {
            if !isFirst { output.append(separator) }
            isFirst = false
            output.append(message)
        }
        if !isFinished {
            if !isFirst { output.append(separator) }
            output.append(json: notFinished)
        }
        output.append(UInt8(ascii: "]"))
        return output.freeze()
    }

    /// Reads a list of messages. Returns nil for other JSON.
    static func read(_ json: Bytes) -> (messages: [FlashMessage], isFinished: Bool)? {
        guard let document = try? JSONDocument(json, dialect: .python),
            let parts = try? document.decodeRoot([Part].self)
        else { return nil }
        var messages: [FlashMessage] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .message(let message): messages.append(message)
            case .notFinished where index == parts.count - 1: return (messages, false)
            case .notFinished: return nil
            }
        }
        return (messages, true)
    }

    private enum Part: Decodable {
        case message(FlashMessage)
        case notFinished

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self), text == MessageText.notFinished {
                self = .notFinished
                return
            }
            var list = try decoder.unkeyedContainer()
            guard try list.decode(String.self) == MessageText.name else {
                throw DecodingError.dataCorruptedError(in: list, debugDescription: "The list is not a message.")
            }
            let isSafe = try list.decode(Int.self) != 0
            let level = MessageLevel(rawValue: try list.decode(Int.self))
            let text = try list.decode(String.self)
            let tags = list.isAtEnd ? nil : try list.decode(String?.self)
            self = .message(FlashMessage(level, text, isSafe: isSafe, extraTags: tags))
        }
    }
}
