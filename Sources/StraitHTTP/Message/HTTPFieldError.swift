/// An error for a header that cannot be sent: its name is not a token, or its value would start another header.
public struct HTTPFieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem, with the header's name or value.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    static func name(_ name: String) -> HTTPFieldError {
        HTTPFieldError(
            "\(name.debugDescription) is not a header name: use 1 to 65535 letters, digits and "
                + "!#$%&'*+-.^_`|~ (RFC 9110 §5.6.2).")
    }

    static func value(_ value: String, of name: String) -> HTTPFieldError {
        HTTPFieldError(
            "The value \(value.debugDescription) of the header '\(name)' contains a control character, which could "
                + "start another header (RFC 9110 §5.5).")
    }
}
