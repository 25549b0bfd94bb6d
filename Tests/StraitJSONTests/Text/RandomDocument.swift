import StraitCore
import StraitTesting

/// A generator of random valid documents.
enum RandomDocument {
    static func text(using generator: inout SeededGenerator) -> Bytes {
        Bytes(space(&generator) + value(depth: 4, &generator) + space(&generator))
    }

    private static func value(depth: Int, _ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
        case 0: return generator.pick(["null", "true", "false"])
        case 1, 2: return number(&generator)
        case 3, 4, 5: return string(&generator)
        case 6, 7:
            let count = Int.random(in: 0...5, using: &generator)
            let members = (0..<count).map { _ in
                string(&generator) + space(&generator) + ":" + space(&generator) + value(depth: depth - 1, &generator)
            }
            return "{" + space(&generator) + members.joined(separator: "," + space(&generator)) + "}"
        default:
            let count = Int.random(in: 0...5, using: &generator)
            let elements = (0..<count).map { _ in value(depth: depth - 1, &generator) + space(&generator) }
            return "[" + space(&generator) + elements.joined(separator: "," + space(&generator)) + "]"
        }
    }

    private static func space(_ generator: inout SeededGenerator) -> String {
        generator.pick(["", "", "", " ", "\n", "\t", "\r\n  "])
    }

    private static func digits(_ most: Int, _ generator: inout SeededGenerator) -> String {
        let count = Int.random(in: 1...most, using: &generator)
        return (0..<count).map { _ in String(Int.random(in: 0..<10, using: &generator)) }.joined()
    }

    private static func number(_ generator: inout SeededGenerator) -> String {
        var text = Bool.random(using: &generator) ? "-" : ""
        let whole = digits(25, &generator).drop { $0 == "0" }
        text += whole.isEmpty ? "0" : whole
        if Bool.random(using: &generator) { text += "." + digits(20, &generator) }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            text += generator.pick(["e", "E", "e-", "E+"])
            text += digits(3, &generator)
        }
        return text
    }

    private static func string(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "b", "key", "0", " ", "é", "e\u{301}", "漢", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0061", "\\u00e9",
            "\\ud83d\\ude00",
            "\\u0000", "{", "}", "[", ":", ",", "abcdefgh", "\u{7F}", "\u{2028}",
        ]
        return "\""
            + (0..<Int.random(in: 0...6, using: &generator)).map { _ in generator.pick(pieces) }
            .joined()
            + "\""
    }
}
