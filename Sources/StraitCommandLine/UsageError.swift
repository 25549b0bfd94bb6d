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

/// A failure of a command. Its one-line text says what happened and what to do. The program exits with code 1.
public struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text that the program prints.
    public let description: String

    /// Creates an error with the text to print.
    public init(_ description: String) {
        self.description = description
    }
}

/// Suggestions for misspelled words.
package enum Spelling {
    /// Returns the candidate with the smallest edit distance from `word`, or nil if none is similar enough.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            // A matching prefix counts more than single letters: suggest --max-message-size for --max.
            let isBeginning = word.utf8.count >= 4 && candidate.hasPrefix(word)
            let distance = isBeginning ? 1 : distance(word, candidate)
            if distance <= max(1, word.utf8.count / 3), distance < best?.distance ?? .max {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// Returns the number of bytes to insert, remove, replace or swap with a neighbor.
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var rows = [Array(0...right.count)]
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, rows[i - 1][j - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
