/// Something about settings that is wrong, or not as it should be where strangers have access; one line of
/// `check --deploy`.
public struct SettingsProblem: Hashable, Sendable {
    /// How much it matters.
    public enum Level: String, Sendable, Comparable {
        /// It works, and should be otherwise.
        case warning
        /// The server does not start with it.
        case error

        public static func < (left: Level, right: Level) -> Bool { left == .warning && right == .error }
    }

    public let level: Level
    /// The setting's name.
    public let setting: String
    /// What is wrong.
    public let text: String
    /// What to do about it.
    public let hint: String
    /// Django's name of the same check, such as `security.W004`.
    public let id: String
}

extension SettingsProblem: CustomStringConvertible {
    /// A line: the setting, what is wrong, and what to do.
    public var description: String { "\(setting): \(text) \(hint) (\(id))" }
}
