/// A setting that is unusable, or that should have another value in production: one line of `check --deploy`.
public struct SettingsProblem: Hashable, Sendable {
    /// The severity of a problem.
    public enum Level: String, Sendable, Comparable {
        /// The site works, but not as intended.
        case warning
        /// The server does not start.
        case error

        /// Whether `left` is less severe: a warning is less severe than an error.
        public static func < (left: Level, right: Level) -> Bool { left == .warning && right == .error }
    }

    /// The severity.
    public let level: Level
    /// The setting's name.
    public let setting: String
    /// The problem, in a sentence.
    public let text: String
    /// The remedy, in a sentence.
    public let hint: String
    /// Django's ID of the same check, such as `security.W004`, or one of Strait's.
    public let id: String
    /// The line of a file that gives the value, such as `settings.env: line 3`; nil if no file does.
    public let line: String?

    /// Whether the problem is that static files, uploaded files or templates share a folder.
    package var isOfOverlap: Bool { id == "staticfiles.E002" || id == "strait.E013" }

    package init(
        level: Level, setting: String, text: String, hint: String, id: String, place: SettingPlace? = nil
    ) {
        self.level = level
        self.setting = setting
        self.text = text
        self.hint = hint
        self.id = id
        line = if case .file = place { place?.description } else { nil }
    }
}

extension SettingsProblem: CustomStringConvertible {
    /// The setting, the problem, the remedy, the ID, and the line of a file if there is one.
    public var description: String {
        "\(setting): \(text) \(hint) (\(id)\(line.map { "; \($0)" } ?? ""))"
    }
}
