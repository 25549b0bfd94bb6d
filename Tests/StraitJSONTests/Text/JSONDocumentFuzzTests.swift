import StraitCore
import StraitTesting
import Testing

@testable import StraitJSON

/// A type with a property of each kind.
private struct Everything: Codable {
    var text: String?
    var number: Int?
    var fraction: Double?
    var list: [Everything]?
    var words: [String: Int8]?
    var choice: Choice?

    enum Choice: Codable {
        case plain
        case labelled(x: UInt64, y: String?)
        case nameless([Bool])
    }
}

@Suite struct `Arbitrary bytes as JSON` {
    /// Decodes `bytes` with every kind of coder and checks that each error is clear.
    private func read(_ bytes: Bytes, _ seed: UInt64) {
        func check(_ work: () throws -> Void) {
            do {
                try work()
            } catch let error as JSONError {
                #expect(!error.reason.isEmpty && (0...bytes.count).contains(error.offset), "seed \(seed): \(bytes)")
            } catch let error as DecodingError {
                #expect(!"\(error)".isEmpty)
            } catch {
                #expect(error is UnknownMessageType, "seed \(seed): \(error)")
            }
        }
        for style in [JSONCoder.KeyStyle.unchanged, .snakeCase] {
            check { _ = try JSONCoder(keys: style).decode(Everything.self, from: bytes) }
            check { _ = try JSONCoder(enums: .tagged, keys: style).decode(Everything.Choice.self, from: bytes) }
        }
        check { _ = try JSONCoder().decode([String: [String: Double]].self, from: bytes) }
        check { _ = try JSONCoder().decode([Int: String].self, from: bytes) }
        // A WebSocket passes only valid UTF-8 with `isText`, but invalid UTF-8 must not crash either.
        check { _ = try JSONCoder().decode(Everything.self, from: bytes, isText: true) }
    }

    @Test(arguments: Seeds(20))
    func `any bytes give a value or a clear error`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]\",:\\u0dDe8.-+ \n\ttrufalsnNIy19x".utf8) + [0xC3, 0xA9, 0xFF]
        for _ in 0..<1000 {
            let count = Int.random(in: 0...24, using: &generator)
            read(Bytes((0..<count).map { _ in alphabet.randomElement(using: &generator)! }), seed)
        }
    }

    @Test(arguments: Seeds(20))
    func `damaged documents give a value or a clear error`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole: Bytes = #"""
            {"text":"a\n\ud83d\ude00é","number":-9223372036854775808,"fraction":1.5e-7,"list":[{},{"text":null}],
            "words":{"a":1,"b\u0061":-128},"choice":{"labelled":{"x":18446744073709551615,"y":"y"}},"type":"nameless"}
            """#
        for _ in 0..<300 {
            var bytes = Array(whole)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes.insert(Array("{}[]\",:\\0-.eE9".utf8).randomElement(using: &generator)!, at: place)
                default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &generator))
                }
            }
            read(Bytes(bytes), seed)
        }
    }

    @Test(arguments: Seeds(20))
    func `random valid documents are accepted`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let bytes = RandomDocument.text(using: &generator)
            #expect(refusal(bytes) == "", "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            read(bytes, seed)
        }
    }
}
