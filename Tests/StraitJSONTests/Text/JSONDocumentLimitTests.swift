import Glibc
import StraitCore
import Testing

@testable import StraitJSON

/// The CPU time that `work` takes on this thread, in seconds: the shortest of three runs.
func cost(_ work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        // SAFETY: the time is written during the call.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    var best = Double.infinity
    for _ in 0..<3 {
        let start = now()
        work()
        best = min(best, now() - start)
    }
    return best
}

@Suite struct Limits {
    @Test func `a document at a limit is accepted, and a document over it is rejected`() {
        var limits = JSONLimits()
        limits.bytes = 10
        #expect(refusal("[1,2,3,40]", limits: limits) == "")
        #expect(
            refusal("[1,2,3,400]", limits: limits)
                == "JSON limit exceeded at offset 10: the document has more than 10 bytes.")
        limits = JSONLimits()
        limits.depth = 2
        #expect(refusal("[{}]", limits: limits) == "")
        #expect(
            refusal("[{\"a\":[]}]", limits: limits)
                == "JSON limit exceeded at offset 6: arrays and objects are nested more than 2 deep.")
        limits = JSONLimits()
        limits.keys = 2
        #expect(refusal("[{\"a\":1},{\"a\":1}]", limits: limits) == "")
        #expect(
            refusal("{\"a\":1,\"b\":{\"c\":1}}", limits: limits)
                == "JSON limit exceeded at offset 12: the document has more than 2 keys.")
        limits = JSONLimits()
        limits.values = 3
        #expect(refusal("[1,2]", limits: limits) == "")
        #expect(
            refusal("[1,2,3]", limits: limits)
                == "JSON limit exceeded at offset 5: the document has more than 3 values.")
        limits = JSONLimits()
        limits.digits = 5
        #expect(refusal("12345", limits: limits) == "")
        #expect(
            refusal("[1.2345]", limits: limits)
                == "JSON limit exceeded at offset 1: a number has more than 5 characters; send it as a string.")
    }

    @Test func `zero, negative and extreme limits do not crash`() {
        var limits = JSONLimits()
        for number in [Int.min, -1, 0, .max] {
            limits.bytes = number
            limits.depth = number
            limits.keys = number
            limits.values = number
            limits.digits = number
            #expect((refusal("{\"a\":[1]}", limits: limits) == "") == (number == .max))
        }
    }

    @Test func `very deep nesting of arrays and objects is rejected`() {
        for opening in ["[", "{\"a\":", "[{\"a\":", "[[1,"] {
            #expect(refusal(Bytes(String(repeating: opening, count: 100_000))).contains("nested more than 512 deep"))
        }
    }

    private indirect enum Tree: Codable, Equatable {
        case leaf
        case node(Tree)
    }

    private struct Nested: Codable, Equatable { var inner: [Nested] }

    /// An application's type that tries to decode one type after another.
    private enum Anything: Codable, Equatable {
        case number(Double)
        case text(String)
        case list([Anything])
        case object([String: Anything])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode([Anything].self) {
                self = .list(value)
            } else {
                self = .object(try container.decode([String: Anything].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let value): try container.encode(value)
            case .text(let value): try container.encode(value)
            case .list(let value): try container.encode(value)
            case .object(let value): try container.encode(value)
            }
        }
    }

    @Test func `recursive types are coded up to the depth limit without a stack overflow`() throws {
        var tree = Tree.leaf
        for _ in 0..<254 { tree = .node(tree) }
        #expect(try JSONCoder().decode(Tree.self, from: JSONCoder().encode(tree)) == tree)
        var nested = Nested(inner: [])
        for _ in 0..<254 { nested = Nested(inner: [nested]) }
        #expect(try JSONCoder().decode(Nested.self, from: JSONCoder().encode(nested)) == nested)
        var anything = Anything.text("x")
        for _ in 0..<511 { anything = .list([anything]) }
        #expect(try JSONCoder().decode(Anything.self, from: JSONCoder().encode(anything)) == anything)
        for _ in 0..<600 { tree = .node(tree) }
        #expect(throws: EncodingError.self) { try JSONCoder().encode(tree) }
        for _ in 0..<600 { nested = Nested(inner: [nested]) }
        #expect(throws: EncodingError.self) { try JSONCoder().encode(nested) }
    }

    // MARK: Time

    private func document(_ kind: String, _ count: Int) -> Bytes {
        let marks = String(repeating: "\u{301}\u{327}", count: count / 4)
        return switch kind {
        case "marks in a key": Bytes("{\"a\(marks)\":1}")
        case "marks in a value": Bytes("{\"a\":\"a\(marks)\"}")
        case "marks as escapes":
            Bytes("{\"a\(String(repeating: "\\u0301\\u0327", count: count / 12))\":1}")
        case "marks with letters":
            Bytes("{\"a\(String(repeating: "a" + String(repeating: "\u{301}", count: 30), count: count / 61))\":1}")
        case "letters with an accent": Bytes("{\"a\":\"\(String(repeating: "é", count: count / 2))\"}")
        case "many keys": Bytes("{" + (0..<count / 10).map { "\"k\($0)\":1" }.joined(separator: ",") + "}")
        case "one key many times": Bytes("{" + (0..<count / 6).map { _ in "\"k\":1" }.joined(separator: ",") + "}")
        case "escaped keys": Bytes("{" + (0..<count / 16).map { "\"\\u006b\($0)\":1" }.joined(separator: ",") + "}")
        case "many values": Bytes("[" + Array(repeating: "1", count: count / 2).joined(separator: ",") + "]")
        case "escapes": Bytes("\"" + String(repeating: "\\n", count: count / 2) + "\"")
        case "spaces": Bytes(String(repeating: " ", count: count) + "1")
        case "long numbers":
            Bytes(
                "[" + Array(repeating: String(repeating: "9", count: 4000), count: count / 4000).joined(separator: ",")
                    + "]")
        case "nesting":
            Bytes(
                "["
                    + Array(
                        repeating: String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
                        count: count / 1000
                    ).joined(separator: ",") + "]")
        case "long name above many values":
            Bytes(
                "{\"\(String(repeating: "k", count: count / 2))\":["
                    + Array(repeating: "[]", count: count / 6).joined(separator: ",") + "]}")
        default: Bytes("[" + Array(repeating: "{\"a\":\"b\"}", count: count / 10).joined(separator: ",") + "]")
        }
    }

    @Test(arguments: [
        "marks in a key", "marks in a value", "marks as escapes", "marks with letters", "letters with an accent",
        "many keys",
        "one key many times", "escaped keys", "many values", "escapes", "spaces", "long numbers", "nesting",
        "long name above many values", "small objects",
    ])
    func `decoding twice as many bytes takes at most 2.5 times as long`(kind: String) {
        func work(_ bytes: Bytes) {
            _ = try? JSONCoder().decode([String: Int].self, from: bytes)
            _ = try? JSONCoder.messages.decode(Tree.self, from: bytes)
            // Decoding fails for each value with an error that has the path.
            if kind == "long name above many values" {
                _ = try? JSONCoder().decode([String: [Anything]].self, from: bytes)
            }
        }
        // Quadratic time shows most clearly in long runs of combining marks.
        // The other documents are shorter because they are slow to decode.
        let size =
            kind.hasPrefix("marks") ? 64 << 10 : kind == "long name above many values" ? 2 << 10 : 8 << 10
        let (small, large) = (document(kind, size), document(kind, 2 * size))
        // A disturbed measurement is repeated.
        for attempt in 1...5 {
            let (one, two) = (cost { work(small) }, cost { work(large) })
            if two <= 2.5 * one || two < 0.001 { return }
            if attempt == 5 { Issue.record("\(kind): \(one) s, and \(two) s for twice the bytes") }
        }
    }

    @Test func `a string with many combining marks is rejected before it is compared with an enum's raw values`() {
        enum Colour: String, Codable { case red, blue }
        let marks = String(repeating: "\u{301}\u{327}", count: 32 << 10)
        let error = #expect(throws: JSONError.self) {
            try JSONCoder().decode(Colour.self, from: Bytes("\"a\(marks)\""))
        }
        #expect(
            error?.description
                == "JSON limit exceeded at offset 0: a text has more than 30 combining marks in a row "
                + "(Unicode UAX #15, Stream-Safe Text Format).")
    }

    @Test func `a key or value may have at most 30 combining marks in a row`() throws {
        func marks(_ count: Int) -> String { "a" + String(repeating: "\u{301}", count: count) }
        func escapes(_ count: Int) -> String { "a" + String(repeating: "\\u0301", count: count) }
        for text in [marks(30), escapes(30), marks(30) + marks(30), String(repeating: "\u{4E00}", count: 100)] {
            #expect(refusal(Bytes("{\"\(text)\":\"\(text)\"}")) == "")
        }
        for text in [marks(31), escapes(31), marks(20) + String(repeating: "\\u0301", count: 11)] {
            #expect(refusal(Bytes("{\"\(text)\":1}")).contains("more than 30 combining marks"))
            #expect(refusal(Bytes("[\"\(text)\"]")).contains("more than 30 combining marks"))
        }
    }
}
