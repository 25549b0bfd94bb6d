/// A token of a template: text, `{{ … }}`, `{% … %}` or `{# … #}`.
public struct TemplateToken: Sendable, Hashable {
    /// The kinds of tokens.
    public enum Kind: Sendable, Hashable { case text, variable, block, comment }

    /// The kind of token.
    public let kind: Kind
    /// The text, or the contents between the delimiters without surrounding white space.
    public let contents: String
    /// The line on which the token begins, starting at 1.
    public let line: Int
    /// The column at which the token begins, in Unicode scalars, starting at 1.
    public let column: Int

    /// The first word of the contents, which is the name of a block tag. Empty if there are no words.
    public var name: String {
        contents.unicodeScalars.split(whereSeparator: PythonText.isSpace).first.map { String($0) } ?? ""
    }

    /// Returns the words. A quoted phrase counts as one word and keeps its quotes (Django's `split_contents`).
    public func splitContents() -> [String] { TokenSplitter.split(contents) }

    /// The words between white space. Quotes have no special meaning.
    public var words: [String] { PythonText.words(contents) }
}
