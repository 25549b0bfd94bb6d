/// An unusable setting. The description names it and says what to write instead.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting or its place, the problem, and the remedy.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameter problem: The problem with `text`, without the full stop. It follows the value in the sentence.
    init(_ name: String, _ text: String, _ problem: String) {
        // Secrets must not be written to the log.
        let shown = name.contains("KEY") || name == "DATABASE_URL" ? "its value" : "'\(text)'"
        description = "\(name): \(shown) \(problem)."
    }

    func at(_ place: String) -> SettingsError { SettingsError("\(place): \(description)") }
}
