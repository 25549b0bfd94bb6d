import StraitNetwork
import StraitRedis
import StraitTesting
import Testing

/// hiredis is what Redis' own clients read with, so where the two differ, it has to be on purpose.
@Suite struct `Replies as hiredis reads them` {
    @Test(arguments: Seeds(60))
    func `whatever replies come in whatever pieces, both read the same`(seed: UInt64) {
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
    func `what was changed or cut off is read, awaited or refused by both, but for what is listed`(seed: UInt64) {
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

    /// Each with bytes that show it, what we say, and how hiredis ends.
    static let differences: [(bytes: String, ours: String, theirs: Hiredis.End)] = [
        // A simple string has neither CR nor LF (RESP): what has is no reply, or two of which an end was lost.
        ("+a\rb\r\n", "a line ends with one of CR and LF", .whole),
        ("+a\nb\r\n", "a line ends with one of CR and LF", .whole),
        // hiredis skips the two bytes behind a string, whatever they are, and is out of step from then on.
        ("$1\r\nabc", "a string is longer than its length says", .whole),
        // What is no number is refused before its line ends, and before it fills the memory.
        (":" + String(repeating: "1", count: 65), "a number or a length has over 64 bytes", .unfinished),
        // A length that no reply may have is refused instead of awaited.
        ("$99999999999\r\n", "A reply of Redis is over the limit", .unfinished),
        ("*2000000\r\n", "A reply of Redis is over the limit", .unfinished),
        // RESP allows a plus in front of a number.
        (":+1\r\n", "", .refused("Bad integer value")), ("$+1\r\na\r\n", "", .refused("Bad bulk string length")),
        ("*+1\r\n:1\r\n", "", .refused("Bad multi-bulk length")),
        // This hiredis has no RESP3, and nests 8 deep, of which the last may not even be a null array.
        ("#t\r\n", "", .refused("Protocol error, got \"#\" as reply type byte")),
        (
            String(repeating: "*1\r\n", count: 9) + ":1\r\n", "",
            .refused("No support for nested multi bulk replies with depth > 7")
        ),
    ]

    @Test(arguments: differences)
    func `where they differ it is on purpose`(bytes: String, ours: String, theirs: Hiredis.End) {
        let error = refusal(bytes)
        #expect(error.contains(ours) && error.isEmpty == ours.isEmpty, "\(error)")
        #expect(Hiredis.hear(Array(bytes.utf8)).end == theirs)
        #expect(difference(Array(bytes.utf8), hear(bytes), Hiredis.hear(Array(bytes.utf8))) == nil)
    }

    /// Where the two differ without being allowed to, or nil.
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
            return "we end with \(end) behind \(replies.count), they with \(theirs.end) behind \(theirs.replies.count)"
        }
    }

    /// Whether we refuse on purpose with `error` what hiredis need not refuse.
    private func isStricter(_ error: String) -> Bool {
        [
            "a line ends with one of CR and LF", "a string is longer than its length says", "over 64 bytes",
            "A reply of Redis is over the limit",
        ].contains { error.contains($0) }
    }

    /// Whether hiredis refuses with `error` what we read on purpose.
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

    /// Appends a reply of RESP2 with at most `depth` arrays within each other.
    private func appendReply(to bytes: inout [UInt8], depth: Int, using generator: inout SeededGenerator) {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &generator) {
        case 0: bytes += "+\(["", "OK", "é 😀", "$1"].randomElement(using: &generator)!)\r\n".utf8
        case 1: bytes += "-\(["ERR", "WRONGTYPE a b", "-"].randomElement(using: &generator)!)\r\n".utf8
        case 2:
            let number = Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 0...63, using: &generator)
            bytes += ":\(number)\r\n".utf8
        case 3: bytes += ["$-1\r\n", "*-1\r\n"].randomElement(using: &generator)!.utf8
        case 4, 5, 6:
            let count =
                Int.random(in: 0...10, using: &generator) * (Int.random(in: 0..<20, using: &generator) == 0 ? 50 : 1)
            bytes += "$\(count)\r\n".utf8
            for _ in 0..<count {
                bytes.append(
                    Bool.random(using: &generator)
                        ? "\r\n$*:+-".utf8.randomElement(using: &generator)!
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
