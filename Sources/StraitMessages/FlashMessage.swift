public import StraitText

/// A message that a visitor sees once, on the next page; Django's `Message`.
public struct FlashMessage: Hashable, Sendable {
    /// The importance.
    public let level: MessageLevel
    /// The text, or the HTML if the message ``isSafe``.
    public let text: String
    /// Whether the text is HTML, which templates do not escape.
    public let isSafe: Bool
    /// CSS classes in addition to the level's; nil if the program that stored the message gave none.
    public let extraTags: String?
    /// The CSS class of the level, such as `success`. It is empty for a level without one.
    public internal(set) var levelTag = ""

    init(_ level: MessageLevel, _ text: String, isSafe: Bool = false, extraTags: String? = "", levelTag: String = "") {
        self.level = level
        self.text = text
        self.isSafe = isSafe
        self.extraTags = extraTags
        self.levelTag = levelTag
    }

    /// The CSS classes: the extra tags, then the level's.
    public var tags: String { [extraTags ?? "", levelTag].filter { !$0.isEmpty }.joined(separator: " ") }

    /// The text as HTML: escaped, unless it ``isSafe``.
    public var html: SafeString { isSafe ? SafeString(text) : SafeString(escaping: text) }
}
