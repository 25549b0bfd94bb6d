/// What a request asks for only under conditions, and which part of it (RFC 9110 §13 and §14).
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
    /// How a request for a resource that is there has to be answered.
    public enum Outcome: Hashable, Sendable {
        /// As if nothing had been asked for in particular.
        case whole
        /// With these bytes: 206.
        case part(Range<Int>)
        /// The client has it already: 304.
        case notModified
        /// Not at all, as it is not what the client thinks: 412.
        case preconditionFailed
        /// The resource has no such bytes: 416.
        case unsatisfiable
    }

    /// How to answer a request with `fields`, in the order of RFC 9110 §13.2.2.
    ///
    /// - Parameters:
    ///   - tag: The resource's, where it has one.
    ///   - modified: When the resource was changed last, where that is known.
    ///   - size: Its size in bytes; nil where it has no ranges.
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

    /// RFC 9110 §13.1.5: a part fits only to the state that the client has the rest of.
    private static func rangeIsWanted(_ fields: HTTPFields, tag: EntityTag?, modified: HTTPDate?) -> Bool {
        guard let condition = fields["if-range"] else { return true }
        if let known = EntityTag(parsing: condition) { return tag?.matchesStrongly(known) ?? false }
        guard let known = HTTPDate(parsing: condition) else { return false }
        return known == modified
    }
}
