import StraitLayers

/// A site's command line: finds the command, reads its options, runs it, and says what went wrong in one line.
struct Program: Sendable {
    /// How the program was called, without its folder.
    let name: String
    let site: any Site
    /// Takes standard output a line at a time.
    var output: @Sendable (String) -> Void
    /// Takes standard error a line at a time.
    var errors: @Sendable (String) -> Void

    /// What a command line asks for.
    enum Request {
        case print(String)
        case run(any Command)
    }

    /// The framework's commands, then the site's; the site's win where they have the same name.
    var commands: [any Command.Type] {
        let own = site.commands
        let builtIn: [any Command.Type] = [RunServer.self, ListRoutes.self]
        return builtIn.filter { command in !own.contains { $0.name == command.name } } + own
    }

    /// Reads `words`, which do not include the program's name.
    func read(_ words: [String]) throws(UsageError) -> Request {
        if let first = words.first {
            if first == "--version" { return .print("\(name) (Strait \(Release.version))\n") }
            if first == "--help" || first == "-h" || (first == "help" && words.count == 1) { return .print(help) }
        }
        var words = words[...]
        if words.first == "help" { words = words.dropFirst() + ["--help"] }
        // Options alone are the server's.
        let isNamed = words.first.map { !$0.hasPrefix("-") } ?? false
        let commandName = isNamed ? words.removeFirst() : RunServer.name
        guard let command = commands.first(where: { $0.name == commandName }) else {
            throw UsageError.unknownCommand(commandName, known: commands.map { $0.name } + ["help"])
        }
        if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .print(HelpText.command(command, program: name))
        }
        return .run(try command.reading(Array(words)))
    }

    private var help: String { HelpText.program(name, commands: commands, defaultCommand: RunServer.name) }

    /// Does what `words` ask for.
    ///
    /// - Returns: The exit code: 0, 1 where the command failed, 2 where the command line was wrong.
    func run(_ words: [String]) async -> Int32 {
        do {
            switch try read(words) {
            case .print(let text): output(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            case .run(let command):
                ChannelLayers.ofProcess = site.channelLayers
                try await command.run(CommandContext(site: site, program: name, output: output))
            }
            return 0
        } catch let error as UsageError {
            errors("\(name): \(error)")
            return 2
        } catch {
            errors("\(name): \(error)")
            return 1
        }
    }
}

extension Command {
    /// The command as `words` set it.
    static func reading(_ words: [String]) throws(UsageError) -> any Command {
        var command = Self()
        try OptionParser(options: options).parse(words, into: &command)
        return command
    }
}
