import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Text messages` {
    static let valid: [[UInt8]] = [
        [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80],
        [0xEF, 0xBF, 0xBD], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        Array("κόσμε".utf8), Array("Hello-µ@ßöäüàá-UTF-8!!".utf8),
    ]

    static let invalid: [[UInt8]] = [
        // Continuation bytes without a lead byte.
        [0x80], [0xBF], [0x80, 0xBF, 0x80],
        // Lead bytes without enough continuation bytes.
        [0xC2, 0x20], [0xE0, 0x20], [0xF0, 0x20], [0xE1, 0x80, 0x20], [0xF1, 0x80, 0x80, 0x20],
        // Bytes that never occur.
        [0xFE], [0xFF], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
        // Overlong encodings.
        [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0xAF],
        [0xF0, 0x8F, 0xBF, 0xBF],
        // Surrogates, single and in pairs.
        [0xED, 0xA0, 0x80], [0xED, 0xAF, 0xBF], [0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF],
        [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80],
        // Beyond the last code point.
        [0xF4, 0x90, 0x80, 0x80],
    ]

    @Test(arguments: valid)
    func `valid UTF-8 is accepted whole and in fragments split at any byte (RFC 6455 §5.6)`(text: [UInt8]) {
        let expected = Wire.Outcome(events: [.text(String(decoding: text, as: UTF8.self))])
        #expect(Wire.read(Wire.frame(1, text)) == expected)
        for cut in 0...text.count {
            let bytes = Wire.frame(1, Array(text[..<cut]), fin: false) + Wire.frame(0, Array(text[cut...]))
            #expect(Wire.read(bytes) == expected)
        }
    }

    @Test(arguments: invalid)
    func `invalid UTF-8 is rejected with 1007, whole and in fragments (RFC 6455 §8.1)`(text: [UInt8]) {
        let text = Array("κόσμε".utf8) + text + Array("edited".utf8)
        #expect(Wire.read(Wire.frame(1, text)) == .init(error: .invalidText))
        #expect(Wire.read(Wire.frame(2, text)) == .init(events: [.binary(text)]))
        for cut in 0...text.count {
            let bytes = Wire.frame(1, Array(text[..<cut]), fin: false) + Wire.frame(0, Array(text[cut...]))
            #expect(Wire.read(bytes) == .init(error: .invalidText))
        }
        #expect(WebSocketError.invalidText.code == .invalidData)
    }

    @Test(arguments: invalid)
    func `invalid text is rejected at its invalid byte, before its frame is complete (RFC 6455 §8.1)`(text: [UInt8]) {
        let frame = Wire.frame(1, Array("abc".utf8) + text + [UInt8](repeating: 0x61, count: 2000), fin: false)
        #expect(Wire.read(Array(frame.prefix(8 + 3 + text.count))) == .init(error: .invalidText))
    }

    @Test(arguments: [[0xC2], [0xE0, 0xA0], [0xE2, 0x82], [0xF0, 0x90, 0x80]] as [[UInt8]])
    func `a message that ends inside a character is rejected with 1007 (RFC 6455 §5.6)`(text: [UInt8]) {
        #expect(Wire.read(Wire.frame(1, text)) == .init(error: .invalidText))
        let fragments = Wire.frame(1, text, fin: false)
        #expect(Wire.read(fragments) == .init())
        #expect(Wire.read(fragments + Wire.frame(0)) == .init(error: .invalidText))
    }

    @Test func `a text message has its text as payload and is created only from valid UTF-8`() {
        let message = Message.text("grüße")
        #expect(message.text == "grüße" && message.bytes == nil)
        #expect(message.payload == Bytes("grüße"))
        #expect(Message(text: Bytes([0xFF])) == nil)
        #expect(Message(text: Bytes("a")) == .text("a"))
        #expect(Message.binary([1, 2]).bytes == [1, 2] && Message.binary([1, 2]).text == nil)
        #expect(message.description == "text message of 7 bytes")
    }
}
