import StraitCore
import StraitHTTP
import StraitTesting
import Testing

@Suite struct MultipartSplitTests {
    private static let bodies = [
        part("name=\"a\"", content: "1") + part("name=f; filename=x", content: "\r\n--\r\r\n--c\r\n\r")
            + "--b--\r\nend",
        "pre\r\n--\r\n--b\r\n\r\n\r\n--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--",
        part("name=a") + "--b\r\nbad line\r\n\r\nx\r\n--b--", part("name=a") + "--b",
        part("name=a", "Content-Transfer-Encoding: base64") + "--b--", "", "--b--",
    ]

    @Test(arguments: bodies)
    func `a body split anywhere or fed byte by byte gives the same events`(body: String) {
        let bytes = Array(body.utf8)
        let whole = MultipartHearing(bytes)
        for cut in 0...bytes.count { #expect(MultipartHearing(bytes, cuts: [cut]) == whole, "cut at \(cut)") }
        #expect(MultipartHearing(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test(arguments: Seeds(300))
    func `a random body is parsed correctly however it is split`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var body = ""
        var expected: [String] = []
        for number in 0..<Int.random(in: 0...8, using: &generator) {
            // The content resembles boundaries.
            let content = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                ["\r", "\n", "-", "b", "\r\n", "\r\n--", "x", "é"].randomElement(using: &generator)!
            }.joined()
            if ("\r\n" + content + "\r\n").contains("\r\n--b") { continue }
            let isFile = Bool.random(using: &generator)
            body += part("name=n\(number)" + (isFile ? "; filename=f" : ""), content: content)
            expected.append("n\(number)" + (isFile ? ":f" : "") + "=" + content)
        }
        body += "--b--\r\n"
        let bytes = Array(body.utf8)
        let cuts = (0..<10).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        let heard = MultipartHearing(bytes, cuts: cuts)
        #expect(heard.summary == expected, "seed \(seed)")
        #expect(heard.isComplete && heard.ended == expected.count, "seed \(seed)")
    }

    @Test(arguments: Seeds(2000))
    func `a damaged body gives the same parts or the same error however it is split`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(Self.bodies[Int(seed % 3)].utf8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            default:
                bytes.insert(
                    contentsOf: bytes[index...].prefix(8), at: Int.random(in: 0..<bytes.count, using: &generator))
            }
        }
        let whole = MultipartHearing(bytes)
        #expect(whole.isComplete != (whole.error != nil) || whole.isComplete, "seed \(seed)")
        let cuts = (0..<8).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        let cut = MultipartHearing(bytes, cuts: cuts)
        #expect(cut.summary == whole.summary || whole.error != nil, "seed \(seed)")
        #expect(cut.error == whole.error, "seed \(seed)")
    }

    @Test func `a large file is not buffered: its bytes are reported as they are fed`() throws {
        var parser = try MultipartParser(boundary: "b")
        parser.feed(Array(part("name=f; filename=x").utf8.dropLast(3)).span)
        let piece = [UInt8](repeating: 0x61, count: 1 << 16)
        var count = 0
        for _ in 0..<100 {
            parser.feed(piece.span)
            while let event = try parser.next() {
                guard case .bytes(let bytes) = event else { continue }
                #expect(bytes.count <= piece.count)
                count += bytes.count
            }
        }
        #expect(count == 100 * piece.count)
    }
}
