internal import FoundationEssentials
import StraitHTTP

/// A path converter for arguments such as `<name:argument>`. Unlike Django's, it has a matching method instead of a
/// regular expression.
public protocol Converter: Sendable {
    /// Returns the length in bytes of the longest match at the start of `text`, which is UTF-8. Returns 0 if nothing
    /// matches.
    func longestMatch(in text: Span<UInt8>) -> Int

    /// Returns the value of matched text. Returns nil if the text is not valid after all, and the route does not match.
    func toValue(_ text: String) -> (any Sendable)?

    /// Returns the decoded text for a value, or nil if the value has none. The converter must match the returned text.
    func toURL(_ value: any Sendable) -> String?
}

extension Converter {
    /// Returns the text itself.
    public func toValue(_ text: String) -> (any Sendable)? { text }

    /// Returns the text of a string, an integer, a UUID or a raw value.
    public func toURL(_ value: any Sendable) -> String? { RouteText.text(of: value) }

    /// Whether the converter matches the complete `text`.
    func matchesAll(_ text: Span<UInt8>) -> Bool {
        !text.isEmpty && longestMatch(in: text) == text.count
    }
}

/// Returns the number of bytes at the start of `text` that satisfy `predicate`.
@inline(__always)
private func run(_ text: Span<UInt8>, _ predicate: (UInt8) -> Bool) -> Int {
    var count = 0
    while count < text.count, predicate(text[count]) { count &+= 1 }
    return count
}

/// The converter `str`: any characters except a slash. It is the default for an `<argument>` without a converter.
struct StringConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { run(text) { $0 != 0x2F } }
}

/// The converter `int`: digits, as an `Int`. Numbers that overflow do not match.
struct IntegerConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { run(text) { $0 &- 0x30 < 10 } }
    func toValue(_ text: String) -> (any Sendable)? { Int(text) }
}

/// The converter `slug`: ASCII letters, digits, hyphens and underscores.
struct SlugConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int {
        run(text) { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D || $0 == 0x5F }
    }
}

/// The converter `path`: any characters, including slashes.
struct PathConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int { text.count }
}

/// The built-in converters: Django's five.
enum Converters {
    static let standard: [String: any Converter] = [
        "str": StringConverter(), "int": IntegerConverter(), "slug": SlugConverter(), "uuid": UUIDConverter(),
        "path": PathConverter(),
    ]
}

/// The converter `uuid`: a lower-case UUID with four hyphens, as a `UUID`.
struct UUIDConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int {
        guard text.count >= 36 else { return 0 }
        for index in 0..<36 {
            let byte = text[index]
            switch index {
            case 8, 13, 18, 23: guard byte == 0x2D else { return 0 }
            default: guard byte &- 0x30 < 10 || byte &- 0x61 < 6 else { return 0 }
            }
        }
        return 36
    }

    func toValue(_ text: String) -> (any Sendable)? { UUID(uuidString: text) }
}
