/// The generated help of programs and commands, 80 columns wide.
package enum HelpText {
    /// Returns the help of a command, with its summary and its options.
    package static func command<Owner>(
        _ name: String, summary: String, options all: [CommandOption<Owner>], program: String
    ) -> String {
        var usage = "Usage: \(program) \(name)"
        var arguments: [(String, String)] = []
        var options: [(String, String)] = []
        for option in all {
            switch option.kind {
            case .argument(let isRequired):
                let word = option.isRepeatable ? "[\(option.placeholder) …]" : option.placeholder
                usage += " " + (isRequired || option.isRepeatable ? word : "[\(word)]")
                arguments.append((option.placeholder, option.help))
            case .value:
                options.append(
                    (
                        "\(option.name) \(option.placeholder)",
                        option.help + (option.isRepeatable ? " Can be repeated." : "")
                    ))
            case .flag: options.append(("\(option.name), \(option.negation)", option.help))
            case .absence: options.append((option.name, option.help))
            }
        }
        options.append(("--help", "Print this help and exit."))
        var text = "\(summary)\n\n\(usage) [options]\n"
        if !arguments.isEmpty { text += "\nArguments:\n" + table(arguments) }
        return text + "\nOptions:\n" + table(options)
    }

    /// Returns the help of a program, with its commands.
    ///
    /// - Parameter defaultCommand: The command that runs if none is given, or nil if a command is required.
    package static func program(
        _ program: String, commands: [(name: String, summary: String)], defaultCommand: String?
    ) -> String {
        let rows = commands.map {
            ($0.name, $0.summary + ($0.name == defaultCommand ? " This is the default command." : ""))
        }
        return """
            Usage: \(program) \(defaultCommand == nil ? "COMMAND" : "[command]") [options]

            Commands:
            \(table(rows))
            Options:
            \(table([("--help", "Print this help and exit."), ("--version", "Print the version and exit.")]))
            \(program) COMMAND --help lists a command's options.

            """
    }

    /// Formats rows of a term and its explanation. After a long term, the explanation begins on the next line.
    static func table(_ rows: [(term: String, text: String)]) -> String {
        let column = min(28, (rows.map(\.term.count).max() ?? 0) + 4)
        var result = ""
        for row in rows {
            var line = "  " + row.term
            if line.count + 2 > column {
                result += line + "\n"
                line = ""
            }
            line += String(repeating: " ", count: column - line.count)
            var isFirst = true
            for word in row.text.split(separator: " ") {
                if !isFirst, line.count + 1 + word.count > 80 {
                    result += line + "\n"
                    line = String(repeating: " ", count: column)
                    isFirst = true
                }
                line += (isFirst ? "" : " ") + word
                isFirst = false
            }
            result += line + "\n"
        }
        return result
    }
}

/// The framework's version.
public enum Release {
    /// The version that `--version` prints, in the form `major.minor.patch`.
    public static let version = "0.1.0"
}
