/// The help of a command or of the whole program, made from what is declared, 80 columns wide.
package enum HelpText {
    /// The summary of a command and the `options` that it takes.
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
                        option.help + (option.isRepeatable ? " May be given several times." : "")
                    ))
            case .flag: options.append(("\(option.name), \(option.negation)", option.help))
            case .absence: options.append((option.name, option.help))
            }
        }
        options.append(("--help", "Print this and end."))
        var text = "\(summary)\n\n\(usage) [options]\n"
        if !arguments.isEmpty { text += "\nArguments:\n" + table(arguments) }
        return text + "\nOptions:\n" + table(options)
    }

    /// The list of a program's commands.
    ///
    /// - Parameter defaultCommand: The command that runs if none is given; nil if one has to be.
    package static func program(
        _ program: String, commands: [(name: String, summary: String)], defaultCommand: String?
    ) -> String {
        let rows = commands.map {
            ($0.name, $0.summary + ($0.name == defaultCommand ? " This is what happens without a command." : ""))
        }
        return """
            Usage: \(program) \(defaultCommand == nil ? "COMMAND" : "[command]") [options]

            Commands:
            \(table(rows))
            Options:
            \(table([("--help", "Print this and end."), ("--version", "Print the version and end.")]))
            \(program) COMMAND --help lists what a command takes.

            """
    }

    /// Rows of a term and its explanation, which begins on a line of its own where the term is long.
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
