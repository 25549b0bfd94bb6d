/// The evaluation of a request's preconditions and its range (RFC 9110 §13 and §14).
///
/// ```swift
/// switch RequestConditions.outcome(of: .get, request.headers, tag: tag, modified: date, size: 1000) {
/// case .whole: …
/// case .part(let offsets): …          // 206
/// case .notModified: …                // 304
/// case .preconditionFailed: …         // 412
/// case .unsatisfiable: …              // 416
/// }
/// ```
public enum RequestConditions {
    /// The response to send for a resource that exists.
    public enum Outcome: Hashable, Sendable {
        /// The whole resource, as without any condition.
        case whole
        /// These bytes of the resource, with status 206.
        case part(Range<Int>)
        /// Status 304: the client's copy is up to date.
        case notModified
        /// Status 412: the resource has another version than the client expects.
        case preconditionFailed
        /// Status 416: the resource does not have the requested bytes.
        case unsatisfiable
    }

    /// Evaluates the conditions in `fields`, in the order of RFC 9110 §13.2.2.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - fields: The request's headers.
    ///   - tag: The resource's tag, if it has one.
    ///   - modified: The resource's last modification, if known.
    ///   - size: The resource's size in bytes; nil to ignore `Range`.
    public static func outcome(
        of method: HTTPMethod, _ fields: HTTPFields, tag: EntityTag?, modified: HTTPDate?, size: Int? = nil
    ) -> Outcome {
        let isRead = method == .get || method == .head
        if fields.contains("if-match") {
            guard matches(fields, "if-match", { tag?.matchesStrongly($0) ?? false }) else { return .preconditionFailed }
        } else if let since = date(fields, "if-unmodified-since"), let modified, modified > since {
            return .preconditionFailed
        }
        if fields.contains("if-none-match") {
            if matches(fields, "if-none-match", { tag?.matchesWeakly($0) ?? false }) {
                return isRead ? .notModified : .preconditionFailed
            }
        } else if isRead, let since = date(fields, "if-modified-since"), let modified, modified <= since {
            return .notModified
        }
        guard method == .get, let size, let field = fields["range"], let range = ByteRange(parsing: field),
            rangeIsWanted(fields, tag: tag, modified: modified)
        else { return .whole }
        guard let offsets = range.offsets(of: size) else { return .unsatisfiable }
        return .part(offsets)
    }

    private static func matches(_ fields: HTTPFields, _ name: String, _ isSame: (EntityTag) -> Bool) -> Bool {
        for value in fields.values(of: name) {
            if value.utf8.elementsEqual("*".utf8) { return true }
            var list = EntityTagList(value)
            while let tag = list.next() {
                if isSame(tag) { return true }
            }
        }
        return false
    }

    private static func date(_ fields: HTTPFields, _ name: String) -> HTTPDate? {
        fields[name].flatMap { HTTPDate(parsing: $0) }
    }

    /// Whether the client's partial copy is of the current version, so that a range completes it (RFC 9110 §13.1.5).
    private static func rangeIsWanted(_ fields: HTTPFields, tag: EntityTag?, modified: HTTPDate?) -> Bool {
        guard let condition = fields["if-range"] else { return true }
        if let known = EntityTag(parsing: condition) { return tag?.matchesStrongly(known) ?? false }
        guard let known = HTTPDate(parsing: condition) else { return false }
        return known == modified
    }
}

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
