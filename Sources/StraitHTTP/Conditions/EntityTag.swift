/// What tells one state of a resource from another: an `ETag` (RFC 9110 §8.8.3).
public struct EntityTag: Hashable, Sendable {
    /// What stands between the quotes.
    public let value: String
    /// Whether two states with this tag mean the same without being the same byte for byte.
    public let isWeak: Bool

    /// A tag; nil where `value` has a quote, a space or a control character in it.
    public init?(_ value: String, isWeak: Bool = false) {
        guard value.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.value = value
        self.isWeak = isWeak
    }

    /// The tag of a file of `size` bytes that was changed last at a moment, given in nanoseconds since 1970.
    package init(size: Int, changed nanoseconds: Int) {
        value = String(UInt64(bitPattern: Int64(nanoseconds)), radix: 16) + "-" + String(size, radix: 16)
        isWeak = false
    }

    /// Reads one tag: `"x"` or `W/"x"`; nil for anything else.
    public init?(parsing text: some StringProtocol) {
        var list = EntityTagList(text)
        guard let tag = list.next(), list.isAtEnd else { return nil }
        self = tag
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        byte == 0x21 || byte >= 0x23 && byte != 0x7F
    }

    /// Whether both are strong and the same (RFC 9110 §8.8.3.2): for ranges.
    public func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && value == other.value
    }

    /// Whether both mean the same (RFC 9110 §8.8.3.2): for caches.
    public func matchesWeakly(_ other: EntityTag) -> Bool { value == other.value }
}

extension EntityTag: CustomStringConvertible {
    /// As it stands in a field: `"x"` or `W/"x"`.
    public var description: String { (isWeak ? "W/\"" : "\"") + value + "\"" }
}

/// The tags of an `If-Match` or `If-None-Match` field, in order. Ends at the first thing that is no tag.
struct EntityTagList {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    /// Whether nothing but white space and commas is left.
    var isAtEnd: Bool { rest.allSatisfy(Self.isBetween) }

    private static func isBetween(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x2C }

    mutating func next() -> EntityTag? {
        var text = rest.drop(while: Self.isBetween)
        var isWeak = false
        if text.first == 0x57 {
            text = text.dropFirst()
            guard text.popFirst() == 0x2F else { return nil }
            isWeak = true
        }
        guard text.popFirst() == 0x22, let end = text.firstIndex(of: 0x22),
            let tag = EntityTag(String(Substring(text[..<end])), isWeak: isWeak)
        else { return nil }
        rest = text[text.index(after: end)...]
        return tag
    }
}
