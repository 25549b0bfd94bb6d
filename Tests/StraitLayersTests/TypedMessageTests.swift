import Foundation
import StraitLayers
import StraitNetwork
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
    @Test func `a message carries its type, and whatever Channels sends can be read`() throws {
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

    @Test func `a message without anything in it is its type`() throws {
        #expect(try LayerMessage(encoding: Nothing()) == ["type": "nothing"])
        #expect(try LayerMessage(encoding: Event.left) == ["type": "left"])
        #expect(try (["type": "nothing"] as LayerMessage).decode(Nothing.self) == Nothing())
    }

    @Test func `an enum's case is the type`() throws {
        #expect(try LayerMessage(encoding: Event.said(text: "hi")) == ["type": "said", "text": "hi"])
        #expect(try (["type": "said", "text": "hi"] as LayerMessage).decode(Event.self) == .said(text: "hi"))
    }

    @Test func `a message of another type is refused, and says which was expected`() {
        #expect(throws: DecodingError.self) { try (["type": "left"] as LayerMessage).decode(ChatMessage.self) }
        #expect(throws: DecodingError.self) { try (["type": "shouted"] as LayerMessage).decode(Event.self) }
        #expect(throws: DecodingError.self) { try ([:] as LayerMessage).decode(Event.self) }
        do {
            _ = try (["type": "left"] as LayerMessage).decode(ChatMessage.self)
        } catch {
            #expect("\(error)".contains("There is no 'left' here, only chat.message."))
        }
    }

    @Test func `what is under a key is read as what is wanted, or it is said what is there`() throws {
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
                "A message of type 'chat.message' has something else under 'n' than a String.")
        ) { try message.value("n", as: String.self) }
        #expect(throws: LayerError.invalidMessage("A message without a type has no 'a'.")) {
            try LayerMessage().value("a", as: Int.self)
        }
    }

    @Test func `what has no type, or one that no handler can have, is refused to its sender`() {
        #expect(
            throws: LayerError.invalidMessage(
                "A Untyped has no type to travel under. Send an enum's case, or conform Untyped to ChannelMessage.")
        ) { try LayerMessage(encoding: Untyped()) }
        #expect(
            throws: LayerError.invalidMessage(
                "Malformed type '_hidden' in a message: it must not be empty or begin with a period or an underscore.")
        ) { try LayerMessage(encoding: Hidden()) }
        #expect(throws: LayerError.self) { try LayerMessage(encoding: [1, 2]) }
    }
}
