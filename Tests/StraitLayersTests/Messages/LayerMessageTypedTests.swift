import Foundation
import StraitCore
import StraitLayers
import Testing

private struct ChatMessage: ChannelMessage, Equatable {
    static let type = "chat.message"
    var text: String
    var at: Date?
    var from: URL?
    var picture: Bytes?
}

private struct Nothing: ChannelMessage, Equatable { static let type = "nothing" }
private struct Hidden: ChannelMessage { static let type = "_hidden" }
private struct Untyped: Codable { var text = "" }

private enum Event: Codable, Equatable {
    case said(text: String)
    case left
}

@Suite struct TypedMessages {
    @Test func `a typed message is encoded with its type, and unknown keys are ignored when it is decoded`() throws {
        let message = ChatMessage(
            text: "hi", at: Date(timeIntervalSince1970: 0), from: URL(string: "https://site/"), picture: Bytes("x"))
        let dictionary = try LayerMessage(encoding: message)
        #expect(
            dictionary == [
                "type": "chat.message", "text": "hi", "at": "1970-01-01T00:00:00Z", "from": "https://site/",
                "picture": .bytes(Bytes("x")),
            ])
        #expect(dictionary.elements.first?.key == "type")
        #expect(try dictionary.decode(ChatMessage.self) == message)
        #expect(
            try (["type": "chat.message", "text": "x", "more": 1] as LayerMessage).decode(ChatMessage.self).text == "x")
    }

    @Test func `a message without properties is encoded as its type alone`() throws {
        #expect(try LayerMessage(encoding: Nothing()) == ["type": "nothing"])
        #expect(try LayerMessage(encoding: Event.left) == ["type": "left"])
        #expect(try (["type": "nothing"] as LayerMessage).decode(Nothing.self) == Nothing())
    }

    @Test func `an enum case's name is the message's type`() throws {
        #expect(try LayerMessage(encoding: Event.said(text: "hi")) == ["type": "said", "text": "hi"])
        #expect(try (["type": "said", "text": "hi"] as LayerMessage).decode(Event.self) == .said(text: "hi"))
    }

    @Test func `decoding a message of another type fails with an error that names the expected type`() {
        #expect(throws: DecodingError.self) { try (["type": "left"] as LayerMessage).decode(ChatMessage.self) }
        #expect(throws: DecodingError.self) { try (["type": "shouted"] as LayerMessage).decode(Event.self) }
        #expect(throws: DecodingError.self) { try ([:] as LayerMessage).decode(Event.self) }
        do {
            _ = try (["type": "left"] as LayerMessage).decode(ChatMessage.self)
        } catch {
            #expect("\(error)".contains("Unknown message type 'left'; expected chat.message."))
        }
    }

    @Test func `value(_:as:) decodes the value of a key, or throws if it is missing or has another type`() throws {
        let message: LayerMessage = ["type": "chat.message", "text": "hi", "n": 3, "all": [1, 2]]
        let text: String = try message.value("text")
        #expect(text == "hi")
        #expect(try message.value("n") == 3)
        #expect(try message.value("all", as: [Int].self) == [1, 2])
        #expect(throws: LayerError.invalidMessage("A message of type 'chat.message' has no 'name'.")) {
            try message.value("name", as: String.self)
        }
        #expect(
            throws: LayerError.invalidMessage(
                "A message of type 'chat.message' has a value under 'n' that cannot be decoded as String.")
        ) { try message.value("n", as: String.self) }
        #expect(throws: LayerError.invalidMessage("A message without a type has no 'a'.")) {
            try LayerMessage().value("a", as: Int.self)
        }
    }

    @Test func `encoding a value without a message type, or with a malformed one, throws`() {
        #expect(
            throws: LayerError.invalidMessage(
                "Untyped has no message type. Send an enum's case, or conform Untyped to ChannelMessage.")
        ) { try LayerMessage(encoding: Untyped()) }
        #expect(
            throws: LayerError.invalidMessage(
                "Malformed type '_hidden' in a message: it must not be empty or begin with a period or an underscore.")
        ) { try LayerMessage(encoding: Hidden()) }
        #expect(throws: LayerError.self) { try LayerMessage(encoding: [1, 2]) }
    }
}
