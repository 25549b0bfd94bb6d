/// The importance of a message; a constant of Django's `django.contrib.messages`. A site can define its own levels with
/// other numbers.
///
/// ```swift
/// extension MessageLevel {
///     static let critical = MessageLevel(rawValue: 50)
/// }
/// ```
public struct MessageLevel: RawRepresentable, Hashable, Sendable, Comparable {
    /// The number. A more important level has a larger one.
    public let rawValue: Int

    /// Creates a level.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// 10: for developers. By default such messages are not kept.
    public static let debug = MessageLevel(rawValue: 10)
    /// 20: information for the user.
    public static let info = MessageLevel(rawValue: 20)
    /// 25: an action was successful.
    public static let success = MessageLevel(rawValue: 25)
    /// 30: a failure may be imminent.
    public static let warning = MessageLevel(rawValue: 30)
    /// 40: an action was not successful.
    public static let error = MessageLevel(rawValue: 40)

    /// Whether `left` is less important.
    public static func < (left: MessageLevel, right: MessageLevel) -> Bool { left.rawValue < right.rawValue }

    /// Django's five levels with their names in capital letters; its `DEFAULT_LEVELS`.
    static let standard: [(name: String, level: MessageLevel)] = [
        ("DEBUG", .debug), ("INFO", .info), ("SUCCESS", .success), ("WARNING", .warning), ("ERROR", .error),
    ]

    /// Returns the tags of all levels: Django's, and those of `MESSAGE_TAGS`.
    static func tags(_ own: [Int: String]) -> [Int: String] {
        Dictionary(standard.map { ($0.level.rawValue, $0.name.lowercased()) }) { $1 }.merging(own) { $1 }
    }
}
