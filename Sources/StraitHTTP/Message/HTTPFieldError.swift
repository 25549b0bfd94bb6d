/// Why a header field cannot be sent: its name is no token, or its value would end the line and begin another field.
public struct HTTPFieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the name and the value where they can be shown.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    static func name(_ name: String) -> HTTPFieldError {
        HTTPFieldError(
            "\(name.debugDescription) is not a header field name: it takes 1 to 65535 letters, digits and "
                + "!#$%&'*+-.^_`|~ (RFC 9110 §5.6.2).")
    }

    static func value(_ value: String, of name: String) -> HTTPFieldError {
        HTTPFieldError(
            "The value \(value.debugDescription) of the header field '\(name)' holds a control character; sent as it "
                + "is it could begin another field (RFC 9110 §5.5).")
    }
}
