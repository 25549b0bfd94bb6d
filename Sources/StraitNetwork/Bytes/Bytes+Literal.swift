/// A text in quotes is its UTF-8.
extension Bytes: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}
