/// Why settings cannot be used, in a sentence that says which one, and what to write instead.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameter problem: What is wrong with `text`, up to the end of the sentence.
    init(_ name: String, _ text: String, _ problem: String) {
        // A key is not shown to whoever reads the log.
        let shown = name.contains("KEY") || name == "DATABASE_URL" ? "what is given" : "'\(text)'"
        description = "\(name): \(shown) \(problem)."
    }

    func at(_ place: String) -> SettingsError { SettingsError("\(place): \(description)") }
}
