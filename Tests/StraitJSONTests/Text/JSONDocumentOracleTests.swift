import Foundation
import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitJSON

/// Intentional differences from other parsers:
///
/// | document | Strait | Python's `json` | Foundation |
/// | --- | --- | --- | --- |
/// | `NaN`, `Infinity` | rejected | accepted | rejected |
/// | lone surrogate | rejected | accepted and kept | rejected |
/// | trailing comma | rejected | rejected | accepted |
/// | more than 30 combining marks in a row | rejected | accepted | accepted |
/// | number of over 4,300 characters | rejected | rejected if an integer | accepted |
/// | arrays and objects nested more than 512 deep | rejected | accepted up to its stack limit | rejected |
/// | byte order mark | rejected | rejected | accepted |
/// | UTF-16 and UTF-32 | rejected | accepted | accepted |
/// | repeated key | last value used | last value used | first value used |
@Suite struct `Comparison with other JSON parsers` {
    /// The value in a form that Python can write too: sorted keys, strings in hexadecimal, doubles as their bits.
    private func canonical(_ document: JSONDocument, _ index: Int = 0) -> String {
        let token = document.tokens[index]
        switch token.kind {
        case .null: return "n"
        case .true: return "t"
        case .false: return "f"
        case .string: return "s" + hexadecimal(document.string(token))
        case .number:
            let number = document.number(token)
            if !number.isComplex {
                let text = String(decoding: number.text, as: UTF8.self)
                return "i" + (text == "-0" ? "0" : text)
            }
            let bits = String(number.double.bitPattern, radix: 16)
            return "d" + String(repeating: "0", count: 16 - bits.utf8.count) + bits
        case .array:
            var parts: [String] = []
            var next = index + 1
            for _ in 0..<token.count {
                parts.append(canonical(document, next))
                next = Int(document.tokens[next].next)
            }
            return "[" + parts.joined(separator: ",") + "]"
        case .object:
            var parts: [String] = []
            document.forEachMember(of: index) { key, value in
                parts.append(hexadecimal(document.string(key)) + ":" + canonical(document, value))
            }
            return "{" + parts.sorted().joined(separator: ",") + "}"
        }
    }

    private func hexadecimal(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let script = """
        import json, struct, sys

        def canonical(value):
            if value is None: return "n"
            if value is True: return "t"
            if value is False: return "f"
            if isinstance(value, str): return "s" + value.encode("utf-8", "surrogatepass").hex()
            if isinstance(value, int): return "i" + str(value)
            if isinstance(value, float): return "d" + struct.pack(">d", value).hex()
            if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
            parts = [k.encode("utf-8", "surrogatepass").hex() + ":" + canonical(v) for k, v in value.items()]
            return "{" + ",".join(sorted(parts)) + "}"

        for line in open(sys.argv[1]):
            try:
                print(canonical(json.loads(bytes.fromhex(line.strip()).decode("utf-8"))))
            except (ValueError, RecursionError):
                print("-")
        """

    /// Python's result for each document: its value, or "-" if it is rejected.
    private func python(_ documents: [Bytes]) async throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("strait-json-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = documents.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        try lines.joined(separator: "\n").appending("\n").write(to: file, atomically: true, encoding: .utf8)
        let errand = try await Errand.run("/usr/bin/env", ["python3", "-c", Self.script, file.path], limit: 600)
        try #require(errand.code == 0, "\(errand.text.suffix(500))")
        return errand.text.split(separator: "\n").map(String.init)
    }

    private static func isPythonsOwn(_ bytes: Bytes) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("NaN") || text.contains("Infinity") || refusal(bytes).contains("lone surrogate")
            || refusal(bytes).contains("JSON limit exceeded")
    }

    @Test func `Python accepts the same documents and parses the same values`() async throws {
        let documents = DocumentCase.all.map(\.bytes)
        let answers = try await python(documents)
        try #require(answers.count == documents.count)
        for (bytes, answer) in zip(documents, answers) where !Self.isPythonsOwn(bytes) {
            let ours = (try? JSONDocument(bytes)).map { canonical($0) } ?? "-"
            #expect(ours == answer, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test func `the Python dialect accepts exactly the documents that Python accepts`() async throws {
        let documents = DocumentCase.all.map(\.bytes)
        let answers = try await python(documents)
        for (bytes, answer) in zip(documents, answers) {
            #expect(
                (refusal(bytes, dialect: .python) == "") == (answer != "-"), "\(String(decoding: bytes, as: UTF8.self))"
            )
        }
    }

    @Test(arguments: Seeds(5))
    func `Python parses the same values from random documents, valid and damaged`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var documents: [Bytes] = []
        for _ in 0..<300 {
            let whole = RandomDocument.text(using: &generator)
            documents.append(whole)
            var bytes = Array(whole)
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            default: bytes.insert(Array("{}[]\",:\\0-.eE ".utf8).randomElement(using: &generator)!, at: place)
            }
            documents.append(Bytes(bytes))
        }
        let answers = try await python(documents)
        for (bytes, answer) in zip(documents, answers) where !Self.isPythonsOwn(bytes) {
            let ours = (try? JSONDocument(bytes)).map { canonical($0) } ?? "-"
            #expect(ours == answer, "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test(arguments: DocumentCase.all)
    func `Foundation accepts the same documents, apart from the listed differences`(document: DocumentCase) {
        let text = String(decoding: document.bytes, as: UTF8.self)
        let isForgiven =
            document.refusal?.contains("trailing comma") == true
            || document.refusal?.contains("byte order mark") == true
            || document.bytes.contains(0) || document.bytes.first == 0xFF
        guard !isForgiven else { return }
        let isRead =
            (try? JSONSerialization.jsonObject(with: Data(document.bytes), options: .fragmentsAllowed)) != nil
        #expect(isRead == document.isValid, "\(text.debugDescription)")
    }
}
