import Foundation
import StraitCore
import StraitJSON
import StraitTesting
import StraitWeb
import Testing

/// Compares Django's `signing.dumps` and `signing.loads` with ours.
@Suite struct SigningTests {
    private struct Value: Codable, Equatable {
        var text: String
        var numbers: [Int]
        var inner: [String: Bool]
    }

    @Test(arguments: Seeds(2))
    func `Django and Strait read each other's signed values, even with a former key`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let scalars = Array("aZ09 \"\\\n\u{0}<&é€🛒\u{7F}\u{2028}".unicodeScalars)
        let values = (0..<100).map { _ in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                text.append(scalars.randomElement(using: &generator)!)
            }
            return Value(
                text: String(text), numbers: (0..<Int.random(in: 0...9, using: &generator)).map { $0 * 1_000_003 },
                inner: ["ü": Bool.random(using: &generator)])
        }
        let signer = TimestampSigner(
            key: "the key of both sides", fallbackKeys: ["a former key"], salt: "salt \(seed) é")
        let lines = try values.enumerated().map { try signer.signObject($1, compress: $0 % 2 == 1) }
        let path = FileManager.default.temporaryDirectory.appending(path: "strait-signed-\(UUID().uuidString)")
        try ([signer.salt] + lines).joined(separator: "\n").write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let output = try await Peer.python("django/signing.py", path.path)
        let answers = output.split(separator: "\n")
        let read = try answers.filter { $0.hasPrefix("read ") }.map {
            try JSONCoder().decode(Value.self, from: Bytes(String($0.dropFirst(5))))
        }
        #expect(read == values, "seed \(seed)")
        let written = try answers.filter { $0.hasPrefix("wrote ") }.map {
            try signer.unsignObject(Value.self, from: String($0.dropFirst(6)), maxAge: .seconds(600))
        }
        #expect(written == values, "seed \(seed)")
    }
}
