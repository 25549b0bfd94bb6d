/// An invalid command line. Its one-line text says how to correct it. The program exits with code 2.
public struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text that the program prints.
    public let description: String

    /// Creates an error for a command's own checks, such as options that cannot be combined.
    public init(_ description: String) {
        self.description = description
    }

    /// Returns the error for an unknown option, with a suggestion.
    package static func unknownOption(_ name: String, known: [String]) -> UsageError {
        UsageError("There is no option \(name)." + suggestion(name, known) + " --help lists all.")
    }

    /// Returns the error for an unknown command, with a suggestion.
    package static func unknownCommand(_ name: String, known: [String]) -> UsageError {
        if ["startapp", "startproject"].contains(name), !known.contains(name) {
            return UsageError("'\(name)' is a command of strait. Run it with: swift run strait \(name) NAME")
        }
        if let advice = advice[name], !known.contains(name) {
            return UsageError("There is no command '\(name)'. \(advice)")
        }
        let suggestion = suggestion(name, known)
        return UsageError(
            "There is no command '\(name)'."
                + (suggestion.isEmpty ? " There are: \(known.joined(separator: ", "))." : suggestion))
    }

    /// Replacements for Django's commands that a site does not have.
    private static let advice = [
        "test": "Run the tests with the package manager: swift test",
        "shell": "Add your own command to the site's `var commands` instead.",
        "migrate": "Strait has no models yet: create tables with the tools of your database.",
        "makemigrations": "Strait has no models yet: create tables with the tools of your database.",
        "dbshell": "Start your database's own program, such as sqlite3 or psql.",
    ]

    private static func suggestion(_ name: String, _ known: [String]) -> String {
        Spelling.closest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    }
}
