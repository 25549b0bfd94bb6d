/// The help of a command or of the whole program, made from what is declared, 80 columns wide.
enum HelpText {
    /// What a command does and which options it takes.
    static func command<C: Command>(_ command: C.Type, program: String) -> String {
        self.command(command, options: C.options, program: program)
    }

    /// What a command does and which `options` it takes, some of which may be the site's.
    static func command<C: Command, Owner>(
        _ command: C.Type, options all: [CommandOption<Owner>], program: String
    ) -> String {
        var usage = "Usage: \(program) \(C.name)"
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
        var text = "\(C.summary)\n\n\(usage) [options]\n"
        if !arguments.isEmpty { text += "\nArguments:\n" + table(arguments) }
        return text + "\nOptions:\n" + table(options)
    }

    /// Which commands there are.
    static func program(_ name: String, commands: [any Command.Type], defaultCommand: String?) -> String {
        let rows = commands.map {
            ($0.name, $0.summary + ($0.name == defaultCommand ? " This is what happens without a command." : ""))
        }
        return """
            Usage: \(name) \(defaultCommand == nil ? "COMMAND" : "[command]") [options]

            Commands:
            \(table(rows))
            Options:
            \(table([("--help", "Print this and end."), ("--version", "Print the version and end.")]))
            \(name) COMMAND --help lists what a command takes.

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
