/// A wrong command line, in one line that says what would be right.
public struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// An error of a command's own checks, such as two options that exclude each other. Ends the program with code 2.
    public init(_ description: String) {
        self.description = description
    }

    /// The error for an option that does not exist, with the one that may have been meant.
    package static func unknownOption(_ name: String, known: [String]) -> UsageError {
        UsageError("There is no option \(name)." + suggestion(name, known) + " --help lists all.")
    }

    /// The error for a command that does not exist, with the one that may have been meant.
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

    /// The replacements of Django's commands that a site does not have.
    private static let advice = [
        "test": "Tests are run by the package manager: swift test",
        "shell": "Give the site a command of its own for what you would type, in `var commands`.",
        "migrate": "Strait has no models yet: create tables with the tools of your database.",
        "makemigrations": "Strait has no models yet: create tables with the tools of your database.",
        "dbshell": "Start your database's own program, such as sqlite3 or psql.",
    ]

    private static func suggestion(_ name: String, _ known: [String]) -> String {
        Spelling.closest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    }
}
