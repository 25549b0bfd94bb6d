/// A code that a close frame must not carry (RFC 6455 §7.4).
package struct UnsendableCloseCode: Error, Hashable, Sendable {
    package let code: CloseCode

    package init(code: CloseCode) {
        self.code = code
    }
}
