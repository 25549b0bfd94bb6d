import StraitNetwork
import Testing

@Suite struct `UTF-8 as it arrives` {
    @Test(arguments: ["", "hello", "hé", "κόσμε", "🙂🙂", "a\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"])
    func `valid text is accepted whole and in every split`(text: String) {
        let bytes = Bytes(text)
        let isValid = UTF8Validator.isValid(bytes.span)
        #expect(isValid)
        for cut in 0...bytes.count {
            var validator = UTF8Validator()
            let isHeadAccepted = validator.accept(bytes.slice(0..<cut).span)
            let isTailAccepted = validator.accept(bytes.slice(cut..<bytes.count).span)
            #expect(isHeadAccepted && isTailAccepted && validator.isComplete)
        }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0x68, 0xC3, 0x28],
        ] as [[UInt8]])
    func `invalid bytes are refused at the byte that cannot be`(bytes: [UInt8]) {
        let isValid = UTF8Validator.isValid(Bytes(bytes).span)
        #expect(!isValid)
    }

    @Test func `a character that is cut off is not complete`() {
        var validator = UTF8Validator()
        let isAccepted = validator.accept(Bytes([0xE2, 0x82]).span)
        #expect(isAccepted)
        #expect(!validator.isComplete)
    }
}
