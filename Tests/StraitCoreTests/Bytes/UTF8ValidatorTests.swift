import StraitCore
import Testing

@Suite struct `Incremental UTF-8 validation` {
    @Test(arguments: ["", "hello", "hé", "κόσμε", "🙂🙂", "a\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"])
    func `valid text is accepted, however it is split`(text: String) {
        let bytes = Bytes(text)
        for cut in 0...bytes.count {
            var validator = UTF8Validator()
            let start = validator.accept(bytes.slice(0..<cut).span)
            let rest = validator.accept(bytes.slice(cut..<bytes.count).span)
            #expect(start && rest && validator.isComplete, "cut at \(cut)")
        }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0x68, 0xC3, 0x28],
        ] as [[UInt8]])
    func `invalid UTF-8 is rejected`(bytes: [UInt8]) {
        let valid = UTF8Validator.isValid(Bytes(bytes).span)
        #expect(!valid)
    }

    @Test func `a truncated character is incomplete`() {
        var validator = UTF8Validator()
        let accepted = validator.accept(Bytes([0xE2, 0x82]).span)
        #expect(accepted && !validator.isComplete)
    }
}
