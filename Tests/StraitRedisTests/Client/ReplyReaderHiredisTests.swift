import StraitCore
import StraitRedis
import StraitTesting
import Testing

/// Redis' own clients parse replies with hiredis, so each difference must be intentional.
@Suite struct `Replies compared with hiredis` {
    @Test(arguments: Seeds(60))
    func `both parsers read random replies identically, however the bytes are split`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let bytes = randomReplies(using: &generator)
            let ours = hear(bytes, cuts: randomCuts(bytes.count, using: &generator))
            let theirs = Hiredis.hear(bytes, cuts: randomCuts(bytes.count, using: &generator))
            #expect(theirs.end == .whole, "seed \(seed): \(Bytes(bytes))")
            #expect(ours == theirs.replies.map { .arrival(.reply($0)) }, "seed \(seed)")
        }
    }

    @Test(arguments: Seeds(60))
    func `both parsers treat corrupt or truncated replies alike, except for listed differences`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            var bytes = randomReplies(using: &generator)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.removeLast(bytes.count - index)
                case 3: bytes[index] = "\r\n$*:+-019".utf8.randomElement(using: &generator)!
                default: bytes.insert("\r\n$*:+-019".utf8.randomElement(using: &generator)!, at: index)
                }
            }
            let ours = hear(bytes, cuts: randomCuts(bytes.count, using: &generator))
            let theirs = Hiredis.hear(bytes, cuts: randomCuts(bytes.count, using: &generator))
            #expect(
                difference(bytes, ours, theirs) == nil,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    /// The intended differences: bytes, our error (empty if there is none), and the end state of hiredis.
    static let differences: [(bytes: String, ours: String, theirs: Hiredis.End)] = [
        // A simple string contains neither CR nor LF (RESP). Otherwise a line ending was lost.
        ("+a\rb\r\n", "a line ends with one of CR and LF", .whole),
        ("+a\nb\r\n", "a line ends with one of CR and LF", .whole),
        // hiredis skips the two bytes after a string without checking them, and is then out of step.
        ("$1\r\nabc", "a string is longer than its length says", .whole),
        // An invalid number is rejected before its line ends, so that it cannot fill the memory.
        (":" + String(repeating: "1", count: 65), "a number or a length has over 64 bytes", .unfinished),
        // A length over the limit is rejected instead of awaited.
        ("$99999999999\r\n", "A reply from Redis is over the limit", .unfinished),
        ("*2000000\r\n", "A reply from Redis is over the limit", .unfinished),
        // RESP allows a plus in front of a number.
        (":+1\r\n", "", .refused("Bad integer value")), ("$+1\r\na\r\n", "", .refused("Bad bulk string length")),
        ("*+1\r\n:1\r\n", "", .refused("Bad multi-bulk length")),
        // This hiredis version has no RESP3. It allows 8 levels of nesting, the last without even a null array.
        ("#t\r\n", "", .refused("Protocol error, got \"#\" as reply type byte")),
        (
            String(repeating: "*1\r\n", count: 9) + ":1\r\n", "",
            .refused("No support for nested multi bulk replies with depth > 7")
        ),
    ]

    @Test(arguments: differences)
    func `each listed difference exists`(bytes: String, ours: String, theirs: Hiredis.End) {
        let error = refusal(bytes)
        #expect(error.contains(ours) && error.isEmpty == ours.isEmpty, "\(error)")
        #expect(Hiredis.hear(Array(bytes.utf8)).end == theirs)
        #expect(difference(Array(bytes.utf8), hear(bytes), Hiredis.hear(Array(bytes.utf8))) == nil)
    }

    /// Returns a description of an unintended difference, or nil.
    private func difference(_ bytes: [UInt8], _ ours: [Heard], _ theirs: Hiredis) -> String? {
        var replies: [RedisValue] = []
        var end = Hiredis.End.whole
        for heard in ours {
            switch heard {
            case .arrival(.reply(let value)): replies.append(value)
            case .arrival(.push): return isWithoutRESP3(theirs) ? nil : "a push"
            case .refused(let error): end = .refused("\(error)")
            case .unfinished: end = .unfinished
            }
        }
        let common = min(replies.count, theirs.replies.count)
        guard replies[..<common] == theirs.replies[..<common] else { return "the values differ" }
        switch (end, theirs.end) {
        case (.refused, .refused) where replies.count == theirs.replies.count: return nil
        case (let end, let other) where end == other && replies.count == theirs.replies.count: return nil
        case (.refused(let error), _) where replies.count <= theirs.replies.count && isStricter(error): return nil
        case (_, .refused(let error)) where theirs.replies.count <= replies.count && isLooser(error, bytes): return nil
        default:
            return "ours: \(end) after \(replies.count) replies; hiredis: \(theirs.end) after \(theirs.replies.count)"
        }
    }

    /// Whether `error` is an intentional rejection of something that hiredis may accept.
    private func isStricter(_ error: String) -> Bool {
        [
            "a line ends with one of CR and LF", "a string is longer than its length says", "over 64 bytes",
            "A reply from Redis is over the limit",
        ].contains { error.contains($0) }
    }

    /// Whether hiredis rejects with `error` something that we accept intentionally.
    private func isLooser(_ error: String, _ bytes: [UInt8]) -> Bool {
        let hasPlus = zip(bytes, bytes.dropFirst()).contains { type, sign in
            sign == UInt8(ascii: "+") && ":$*".utf8.contains(type)
        }
        return error.hasPrefix("No support for nested") || hasPlus && error.hasPrefix("Bad ") || isRESP3(error)
    }

    private func isWithoutRESP3(_ theirs: Hiredis) -> Bool {
        if case .refused(let error) = theirs.end { isRESP3(error) } else { false }
    }

    private func isRESP3(_ error: String) -> Bool {
        "_#,(!=%~>|".contains { error == "Protocol error, got \"\($0)\" as reply type byte" }
    }

    private func randomReplies(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) { appendReply(to: &bytes, depth: 7, using: &generator) }
        return bytes
    }

    private func randomCuts(_ count: Int, using generator: inout SeededGenerator) -> [Int] {
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in Int.random(in: 0...count, using: &generator) }
            .sorted()
    }

    /// Appends a random RESP2 reply with at most `depth` nested arrays.
    private func appendReply(to bytes: inout [UInt8], depth: Int, using generator: inout SeededGenerator) {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &generator) {
        case 0: bytes += "+\(generator.pick(["", "OK", "é 😀", "$1"]))\r\n".utf8
        case 1: bytes += "-\(generator.pick(["ERR", "WRONGTYPE a b", "-"]))\r\n".utf8
        case 2:
            let number = Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 0...63, using: &generator)
            bytes += ":\(number)\r\n".utf8
        case 3:
            let null = generator.pick(["$-1\r\n", "*-1\r\n"])
            bytes += null.utf8
        case 4, 5, 6:
            let count =
                Int.random(in: 0...10, using: &generator) * (Int.random(in: 0..<20, using: &generator) == 0 ? 50 : 1)
            bytes += "$\(count)\r\n".utf8
            for _ in 0..<count {
                bytes.append(
                    Bool.random(using: &generator)
                        ? generator.pick("\r\n$*:+-".utf8)
                        : UInt8.random(in: 0...255, using: &generator))
            }
            bytes += "\r\n".utf8
        default:
            let count = Int.random(in: 0...4, using: &generator)
            bytes += "*\(count)\r\n".utf8
            for _ in 0..<count { appendReply(to: &bytes, depth: depth - 1, using: &generator) }
        }
    }
}
