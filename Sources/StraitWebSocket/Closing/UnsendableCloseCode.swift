/// A code that a close frame must not carry (RFC 6455 §7.4).
package struct UnsendableCloseCode: Error, Hashable, Sendable {
    /// The code in question.
    package let code: CloseCode

    /// For whoever refuses `code`.
    package init(code: CloseCode) {
        self.code = code
    }
}
