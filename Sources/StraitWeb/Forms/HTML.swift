internal import StraitTemplates

/// HTML that may stand in a page as it is: what came from elsewhere has been escaped; Django's `SafeString`.
public struct HTML: Sendable, Hashable, CustomStringConvertible {
    /// The markup.
    public let description: String

    /// Text of a user's, escaped as Django's `escape` does it.
    public init(escaping text: String) {
        description = SafeString(escaping: text).text
    }

    /// Markup that the program wrote itself; Django's `mark_safe`. Never pass what a client sent.
    public init(safe markup: String) {
        description = markup
    }
}
