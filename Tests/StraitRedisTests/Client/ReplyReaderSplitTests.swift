import StraitCore
import StraitRedis
import StraitTesting
import Testing

@Suite struct `Split replies` {
    static let corpus: [String] = [
        "+OK\r\n:1\r\n$3\r\nabc\r\n", "*3\r\n$-1\r\n*-1\r\n*2\r\n+a\r\n-ERR b\r\n", "$0\r\n\r\n*0\r\n%0\r\n",
        "%2\r\n+a\r\n#t\r\n+b\r\n,1.5\r\n~1\r\n_\r\n(12345678901234567890\r\n", "=6\r\ntxt:hi\r\n!5\r\nERR a\r\n",
        "|1\r\n+a\r\n*1\r\n:1\r\n>2\r\n+message\r\n$2\r\n\r\n\r\n:5\r\n", ">0\r\n", "*1\r\n>1\r\n", "$?\r\n", "*x\r\n",
        "+" + String(repeating: "a", count: 300) + "\r\n", ":" + String(repeating: "1", count: 70) + "\r\n",
        ":" + String(repeating: "1", count: 63) + "\r\n", "+a\rb\r\n", "+a\nb\r\n", "$2\r\nabc\r\n", "$2\r\nab\r\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "*9\r\n",
        "*4\r\n+\(String(repeating: "a", count: 50))\r\n:1\r\n:1111111111\r\n",
        "GET / HTTP/1.1\r\n\r\n", "$999999999999999999999\r\n", ",inf\r\n,-inf\r\n,1e5\r\n", "#x\r\n", "_a\r\n",
    ]

    private static let limits: ReplyLimits = {
        var limits = ReplyLimits()
        limits.bytes = 400
        limits.depth = 3
        return limits
    }()

    @Test(arguments: corpus)
    func `the result is the same however the bytes are split`(text: String) {
        let bytes = Array(text.utf8)
        let whole = hear(bytes, limits: Self.limits)
        for cut in 0...bytes.count {
            #expect(hear(bytes, cuts: [cut], limits: Self.limits) == whole, "cut at \(cut)")
        }
        #expect(hear(bytes, cuts: Array(0...bytes.count), limits: Self.limits) == whole, "byte by byte")
    }

    /// Valid pieces with changed bytes: garbage that passes the first checks.
    @Test(arguments: Seeds(40))
    func `garbage has the same result however the bytes are split`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes += Array(Self.corpus.randomElement(using: &generator)!.utf8)
            }
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.removeLast(bytes.count - index)
                default: bytes.insert("\r\n$*%|>-01".utf8.randomElement(using: &generator)!, at: index)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let whole = hear(bytes, limits: Self.limits)
            let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
            #expect(hear(bytes, cuts: cuts, limits: Self.limits) == whole, "seed \(seed): \(bytes)")
            #expect(hear(bytes, cuts: Array(0...bytes.count), limits: Self.limits) == whole, "seed \(seed): \(bytes)")
        }
    }

    @Test(arguments: Seeds(10))
    func `random bytes never crash the reader`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0...60, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(hear(bytes) == hear(bytes, cuts: [count / 2]), "seed \(seed): \(bytes)")
        }
    }
}
