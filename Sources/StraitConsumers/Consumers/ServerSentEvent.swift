/// One event of an event stream (HTML standard, §9.2.6).
public struct ServerSentEvent: Hashable, Sendable {
    /// An error for a field that contains a line break or a NUL.
    public struct InvalidField: Error, Hashable, CustomStringConvertible {
        /// The field's name: `event` or `id`.
        public let field: String
        /// The error's text, which names the field.
        public var description: String {
            "The \(field) of a server-sent event must not contain a line break or a NUL."
        }
    }

    /// The encoded event, including the empty line that ends it.
    public let text: String

    /// Encodes an event.
    ///
    /// - Throws: ``InvalidField`` if `event` or `id` contains a line break or a NUL.
    public init(
        _ data: String, event: String? = nil, id: String? = nil, retry: Duration? = nil
    ) throws(InvalidField) {
        var text = ""
        if let event { text += try Self.line("event", event) }
        if let id { text += try Self.line("id", id) }
        if let retry {
            let (seconds, attoseconds) = retry.components
            text += "retry: \(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))\n"
        }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine) {
            text += "data: \(line)\n"
        }
        self.text = text + "\n"
    }

    private static func line(_ field: String, _ value: String) throws(InvalidField) -> String {
        guard !value.contains(where: { endsLine($0) || $0 == "\0" }) else { throw InvalidField(field: field) }
        return "\(field): \(value)\n"
    }

    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }
}
