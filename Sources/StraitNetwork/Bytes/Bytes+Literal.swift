/// A string literal stands for its UTF-8 bytes.
extension Bytes: ExpressibleByStringLiteral {
    /// Copies the UTF-8 bytes of a string literal.
    public init(stringLiteral text: String) { self.init(text) }
}
