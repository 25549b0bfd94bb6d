import Foundation
import StraitCore
import StraitTesting
import Testing

@Suite struct `Stream-safe text` {
    /// The literal definition: the longest run of non-starters has at most 30.
    private func isStreamSafeByDefinition(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            let count = StreamSafeText.nonStarters(scalar)
            run = count == 0 ? 0 : run + count
            if run > 30 { return false }
        }
        return true
    }

    @Test func `31 non-starters in a row are too many, at any position (UAX 15)`() {
        for mark in ["\u{301}", "\u{1ABF}", "\u{20D0}", "\u{1D165}"] {
            for before in 0..<70 {
                let start = String(repeating: "a", count: before)
                let most = String(repeating: mark, count: 30)
                #expect((start + most).isStreamSafe, "\(before)")
                #expect((start + most + "b" + most).isStreamSafe, "\(before)")
                #expect(!(start + most + "\u{301}").isStreamSafe, "\(before)")
                #expect(!(start + most + "\u{301}" + start).isStreamSafe, "\(before)")
            }
        }
    }

    @Test(arguments: ["", "a", "naïve", "Ελληνικά", "日本語のテキスト", "a\u{301}\u{323}", "🙂👨‍👩‍👧", "ﾊﾞﾊﾟ"])
    func `natural text is stream-safe`(text: String) {
        #expect(String(repeating: text, count: 300).isStreamSafe)
        #expect(text.isStreamSafe)
        #expect(text[...].isStreamSafe)
    }

    @Test(arguments: ["\u{344}", "\u{F73}", "\u{F75}", "\u{F81}"])
    func `a scalar that decomposes into two non-starters counts twice`(scalar: String) {
        #expect(String(repeating: scalar, count: 15).isStreamSafe)
        for before in 0..<40 {
            let text = String(repeating: "x", count: before) + String(repeating: scalar, count: 16)
            #expect(!text.isStreamSafe, "\(before)")
        }
    }

    @Test(arguments: Seeds(300))
    func `the result matches the definition on random text`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let letters: [Unicode.Scalar] = ["a", "é", "日", "🙂", "\u{F40}"]
        let marks: [Unicode.Scalar] = ["\u{301}", "\u{323}", "\u{344}", "\u{F73}", "\u{20DD}", "\u{1D165}", "\u{FF9E}"]
        for _ in 0..<20 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<8, using: &random) {
                for _ in 0..<Int.random(in: 0..<70, using: &random) {
                    text.append(letters.randomElement(using: &random) ?? "a")
                }
                for _ in 0..<Int.random(in: 10..<36, using: &random) {
                    text.append(marks.randomElement(using: &random) ?? "a")
                }
            }
            #expect(String(text).isStreamSafe == isStreamSafeByDefinition(String(text)))
        }
    }

    @Test(arguments: Seeds(100))
    func `invalid UTF-8 does not crash the check`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                ([0xCC, 0x81, 0x80, 0xF0, 0xE0, 0xFF, 0x61] as [UInt8]).randomElement(using: &random) ?? 0
            }
            _ = StreamSafeText.isStreamSafe(bytes.span)
        }
    }

    @Test func `each scalar counts the leading non-starters of its compatibility decomposition`() {
        var wrong: [String] = []
        for value in UInt32(0)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
            let decomposed = String(scalar).decomposedStringWithCompatibilityMapping
            let count = decomposed.unicodeScalars.prefix {
                $0.properties.canonicalCombiningClass != .notReordered
            }.count
            if count != StreamSafeText.nonStarters(scalar) { wrong.append(String(value, radix: 16)) }
        }
        #expect(wrong == [])
    }
}
