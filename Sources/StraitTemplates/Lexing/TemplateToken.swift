/// One piece of a template's text: text, `{{ … }}`, `{% … %}` or `{# … #}`.
public struct TemplateToken: Sendable, Hashable {
    /// What it is.
    public enum Kind: Sendable, Hashable { case text, variable, block, comment }

    /// What it is.
    public let kind: Kind
    /// The text, or what stands between the delimiters, without space around it.
    public let contents: String
    /// The line where it begins, from 1.
    public let line: Int
    /// The column where it begins, in scalars from 1.
    public let column: Int

    /// A block tag's name: its first word. Empty where there is none.
    public var name: String {
        contents.unicodeScalars.split(whereSeparator: PythonText.isSpace).first.map { String($0) } ?? ""
    }

    /// Its words, quoted phrases left together with their quotes (Django's `split_contents`).
    public func splitContents() -> [String] { TokenSplitter.split(contents) }

    /// Its words, whatever the quotes.
    public var words: [String] { PythonText.words(contents) }
}
