/// One event of an event stream, as the HTML standard has it (§9.2.6).
public struct ServerSentEvent: Hashable, Sendable {
    /// A field of an event cannot hold what was given.
    public struct InvalidField: Error, Hashable, CustomStringConvertible {
        /// `event` or `id`.
        public let field: String
        public var description: String {
            "The \(field) of a server-sent event must not hold the end of a line or a NUL."
        }
    }

    /// The event as it travels, with the empty line that ends it.
    public let text: String

    /// - Throws: ``InvalidField`` where `event` or `id` would end its line early.
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
