/// An identifier of one version of a resource: the value of an `ETag` header (RFC 9110 §8.8.3).
public struct EntityTag: Hashable, Sendable {
    /// The text between the quotes.
    public let value: String
    /// Whether two versions with this tag are only equivalent, and may differ in their bytes.
    public let isWeak: Bool

    /// Creates a tag; nil if `value` contains a quote, a space or a control character.
    public init?(_ value: String, isWeak: Bool = false) {
        guard value.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.value = value
        self.isWeak = isWeak
    }

    /// Creates the tag of a file from its size in bytes and its time of modification, in nanoseconds since 1970.
    package init(size: Int, changed nanoseconds: Int) {
        value = String(UInt64(bitPattern: Int64(nanoseconds)), radix: 16) + "-" + String(size, radix: 16)
        isWeak = false
    }

    /// Reads one tag, `"x"` or `W/"x"`; nil for any other text.
    public init?(parsing text: some StringProtocol) {
        var list = EntityTagList(text)
        guard let tag = list.next(), list.isAtEnd else { return nil }
        self = tag
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        byte == 0x21 || byte >= 0x23 && byte != 0x7F
    }

    /// Whether both tags are strong and equal (RFC 9110 §8.8.3.2). For ranges.
    public func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && value == other.value
    }

    /// Whether the tags are equal, weak or strong (RFC 9110 §8.8.3.2). For caches.
    public func matchesWeakly(_ other: EntityTag) -> Bool { value == other.value }
}

extension EntityTag: CustomStringConvertible {
    /// The tag as in a header: `"x"` or `W/"x"`.
    public var description: String { (isWeak ? "W/\"" : "\"") + value + "\"" }
}

/// The tags of an `If-Match` or `If-None-Match` header, in order. The list ends at the first invalid tag.
struct EntityTagList {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    /// Whether only white space and commas are left.
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
