/// Says what a `<name:argument>` of a path matches and which value it stands for: a Django path converter, with a
/// matcher in place of the regular expression.
public protocol Converter: Sendable {
    /// How many bytes at the front of `text`, UTF-8, this converter can match at most; 0 where it does not match.
    func longestMatch(in text: Span<UInt8>) -> Int

    /// The value behind matched text; nil where there is none after all, and then the route does not match.
    func toValue(_ text: String) -> (any Sendable)?

    /// The text that stands for a value, decoded; nil where it cannot be written. The text has to match in turn.
    func toURL(_ value: any Sendable) -> String?
}

extension Converter {
    public func toValue(_ text: String) -> (any Sendable)? { text }

    /// The text of strings, integers, UUIDs and raw values.
    public func toURL(_ value: any Sendable) -> String? { RouteText.text(of: value) }

    /// Whether the whole of `text` is matched.
    func matchesAll(_ text: Span<UInt8>) -> Bool {
        !text.isEmpty && longestMatch(in: text) == text.count
    }
}

/// The length of the run at the front of `text` whose bytes all satisfy `predicate`.
@inline(__always)
private func run(_ text: Span<UInt8>, _ predicate: (UInt8) -> Bool) -> Int {
    var count = 0
    while count < text.count, predicate(text[count]) { count &+= 1 }
    return count
}

/// `str`: anything but a slash; what a path's `<argument>` without a converter is.
struct StringConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { run(text) { $0 != 0x2F } }
}

/// `int`: digits, as an `Int`; more than it holds do not match.
struct IntegerConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { run(text) { $0 &- 0x30 < 10 } }
    func toValue(_ text: String) -> (any Sendable)? { Int(text) }
}

/// `slug`: letters, digits, hyphens and underscores of ASCII.
struct SlugConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int {
        run(text) { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D || $0 == 0x5F }
    }
}

/// `path`: anything, slashes too.
struct PathConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { text.count }
}
