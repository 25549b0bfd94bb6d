/// An error for a code that a close frame must not carry (RFC 6455 §7.4).
package struct UnsendableCloseCode: Error, Hashable, Sendable {
    /// The rejected code.
    package let code: CloseCode

    /// Creates an error for `code`.
    package init(code: CloseCode) {
        self.code = code
    }
}
