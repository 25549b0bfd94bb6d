import Foundation
import StraitCore
import Testing

@testable import StraitLayers

@Suite struct Messages {
    @Test func `LayerMessage(many:) equals a message built from the same pairs one by one`() {
        let pairs = (0..<100).map { ("\($0 * 7 % 40)", LayerValue.int($0)) }
        let message = LayerMessage(many: pairs)
        #expect(message == LayerMessage(pairs))
        #expect(message.elements.map(\.key) == LayerMessage(pairs).elements.map(\.key))
        #expect(LayerMessage(many: []).isEmpty)
    }

    @Test func `a message keeps the order of its keys but ignores it in comparisons`() {
        var message: LayerMessage = ["type": "chat.message", "text": "hi", "count": 2]
        #expect(message.type == "chat.message" && message["text"]?.string == "hi" && message["count"]?.int == 2)
        message["text"] = "there"
        message["new"] = [1, nil, true, 0.5]
        #expect(message.elements.map(\.key) == ["type", "text", "count", "new"])
        message["count"] = nil
        let same: LayerMessage = ["new": [1, nil, true, 0.5], "text": "there", "type": "chat.message"]
        #expect(message == same && message.hashValue == same.hashValue)
        #expect(message != ["type": "chat.message"])
        #expect("\(message)" == "chat.message message with type, text, new")
    }

    @Test func `accessors return nil for values of another type`() {
        let value: LayerValue = "text"
        #expect(value.int == nil && value.double == nil && value.bool == nil && value.bytes == nil)
        #expect(value.array == nil && value.object == nil)
        #expect(LayerValue.double(2).int == 2 && LayerValue.double(2.5).int == nil && LayerValue.int(2).double == 2)
    }

    @Test func `Foundation decodes a message's JSON to an equal message`() throws {
        let message: LayerMessage = [
            "type": "a\"b\\c\n\u{1}é😀", "none": nil, "yes": true, "no": false, "int": .int(.min),
            "big": .unsigned(.max),
            "double": 0.1, "list": [1, [], ["deep": ["er": [:]]]], "empty": [:],
        ]
        let text = try message.json()
        let read = try JSONDecoder().decode(LayerMessage.self, from: Data(text))
        #expect(read == message)
        #expect(String(utf8: try (["a": 1, "b": ["c"]] as LayerMessage).json()) == #"{"a":1,"b":["c"]}"#)
        #expect(String(utf8: try LayerMessage().json()) == "{}")
    }

    @Test func `values that JSON cannot represent are rejected with an error that suggests an alternative`() {
        #expect(
            throws: LayerError.invalidMessage(
                "JSON cannot represent bytes. Send them to sockets as text, for example in base64.")
        ) {
            try (["b": .bytes(Bytes("x"))] as LayerMessage).json()
        }
        #expect(throws: LayerError.invalidMessage("JSON cannot represent inf. Send it as text.")) {
            try (["d": .double(.infinity)] as LayerMessage).json()
        }
    }
}
