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
