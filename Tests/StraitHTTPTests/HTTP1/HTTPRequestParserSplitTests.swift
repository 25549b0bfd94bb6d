import StraitCore
import StraitHTTP
import Testing

@Suite struct `Split requests` {
    static let corpus: [String] = [
        get(), get("A: b", "X_Y: 1", "Cookie: a=b; c=d"), "\r\n" + get(),
        "POST /1?a=%20 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get("Connection: close"),
        chunked("5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nX-Sum: 1\r\nHost: b\r\n\r\n") + get(),
        "GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\n", get("A : b"), get("A: b", " c"),
        get("A: b\rc"), get("Content-Length: 5", "Content-Length: 6"), get("Transfer-Encoding: gzip"),
        "GET / HTTP/2.0\r\n\r\n", "GET /%zz HTTP/1.1\r\n", "\r\n\r\n\r\n\r\n\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        chunked("5\r\nhelloX"), chunked("5\r\nhello\rX"), chunked("x\r\n"), chunked("1\nx"),
        chunked("1\r\nx\r\n-1\r\n"),
        chunked("5\r\nhello\r\n7\r\nhello"), chunked("0\r\nA : b\r\n\r\n"), String(repeating: "a", count: 300),
        get("A: " + String(repeating: "x", count: 300)), get("A: 1", "B: 1", "C: 1", "D: 1", "E: 1", "F: 1"),
        chunked("1;" + String(repeating: "a", count: 80) + "\r\nx\r\n"), "\u{16}\u{3}\u{1}\u{2}",
    ]

    static var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.requestLine = 128
        limits.fields = 160
        limits.fieldCount = 6
        limits.body = 16
        limits.chunkLine = 64
        return limits
    }

    @Test(arguments: corpus)
    func `a request gives the same events however it is split`(text: String) {
        let bytes = Array(text.utf8)
        let whole = hear(bytes, limits: Self.limits)
        for cut in 0...bytes.count {
            #expect(hear(bytes, cuts: [cut], limits: Self.limits) == whole, "cut at \(cut)")
        }
        #expect(hear(bytes, cuts: Array(0...bytes.count), limits: Self.limits) == whole, "byte by byte")
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cuts = (0..<Int.random(in: 2...8, using: &generator))
                .map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
            #expect(hear(bytes, cuts: cuts, limits: Self.limits) == whole, "seed \(seed)")
        }
    }

    @Test func `the whole corpus in one stream gives the same events however it is split`() {
        let bytes = Self.corpus.flatMap { Array($0.utf8) }
        let whole = hear(bytes, limits: Self.limits)
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cuts = (0..<40).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
            #expect(hear(bytes, cuts: cuts, limits: Self.limits) == whole, "seed \(seed)")
        }
    }

    /// The input resembles requests enough to pass the first checks: joined corpus entries with a few changed bytes.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `damaged requests give the same events however they are split, and only documented statuses`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let statuses: Set<Int> = [400, 413, 414, 431, 501, 505]
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes += Array(Self.corpus.randomElement(using: &generator)!.utf8)
            }
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert([0x0A, 0x0D, 0x20, 0x3A, 0x30].randomElement(using: &generator)!, at: index)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let whole = hear(bytes, limits: Self.limits)
            if case .refused(let error) = whole.last {
                #expect(statuses.contains(error.status.code), "seed \(seed): \(bytes)")
            }
            let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
            #expect(hear(bytes, cuts: cuts, limits: Self.limits) == whole, "seed \(seed): \(bytes)")
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random bytes do not crash the parser`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 0...200, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(hear(bytes) == hear(bytes, cuts: [count / 2]), "seed \(seed): \(bytes)")
        }
    }
}
