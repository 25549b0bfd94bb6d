import StraitCommandLine
import StraitHTTP
import StraitLayers
import StraitRedis
import StraitWeb

/// A command line: finds the command, reads its options, runs it, and says what went wrong in one line.
package struct Program: Sendable {
    /// How the program was called, without its folder.
    let name: String
    /// What its commands are for.
    let site: any Site
    let commands: [any Command.Type]
    /// What the environment says to settings; that of the process where it is nil.
    let environment: [String: String]?
    /// Takes standard output a line at a time.
    let output: @Sendable (String) -> Void
    /// Takes standard error a line at a time.
    let errors: @Sendable (String) -> Void

    /// What a command line asks for.
    enum Request {
        case print(String)
        case run(any Command, site: any Site)
    }

    /// A site's program: the framework's commands, then the site's, which win where they have the same name.
    init(
        name: String, site: any Site, environment: [String: String]? = nil,
        output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void
    ) {
        // A mistake in the site's parts is reported when a command runs.
        let own = (try? SiteParts(site))?.commands ?? []
        let builtIn: [any Command.Type] = [
            RunServer.self, RunWorker.self, SendMessage.self, ListRoutes.self, CheckSettings.self, CollectStatic.self,
        ]
        self.name = name
        self.site = site
        commands = builtIn.filter { command in !own.contains { $0.name == command.name } } + own
        self.environment = environment
        self.output = output
        self.errors = errors
    }

    /// Reads `words`, which do not include the program's name.
    func read(_ words: [String]) throws(UsageError) -> Request {
        if let first = words.first {
            if first == "--version" { return .print("\(name) (Strait \(Release.version))\n") }
            if first == "--help" || first == "-h" || (first == "help" && words.count == 1) { return .print(help) }
        }
        var words = words[...]
        if words.first == "help" { words = words.dropFirst() + ["--help"] }
        // Options alone are the default command's, the server's.
        let commandName: String
        if let first = words.first, !first.hasPrefix("-") {
            commandName = words.removeFirst()
        } else {
            commandName = RunServer.name
        }
        guard let command = commands.first(where: { $0.name == commandName }) else {
            throw UsageError.unknownCommand(commandName, known: commands.map { $0.name } + ["help"])
        }
        if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .print(help(of: command, for: site))
        }
        return try read(Array(words), as: command, for: site)
    }

    private func read<C: Command, S: Site>(_ words: [String], as: C.Type, for site: S) throws(UsageError) -> Request {
        var call = CommandCall(command: C(), site: site)
        try OptionParser(options: CommandCall<C, S>.options).parse(words, into: &call)
        return .run(call.command, site: call.site)
    }

    private func help<C: Command, S: Site>(of command: C.Type, for site: S) -> String {
        HelpText.command(C.name, summary: C.summary, options: CommandCall<C, S>.options, program: name)
    }

    private var help: String {
        HelpText.program(name, commands: commands.map { ($0.name, $0.summary) }, defaultCommand: RunServer.name)
    }

    /// Does what `words` ask for.
    ///
    /// - Returns: The exit code: 0, 1 where the command failed, 2 where the command line was wrong.
    package func run(_ words: [String]) async -> Int32 {
        do {
            switch try read(words) {
            case .print(let text): output(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            case .run(let command, let site): try await run(command, site)
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

    private func run<C: Command>(_ command: C, _ site: any Site) async throws {
        let parts = try SiteParts(site)
        let settings =
            try environment.map { try parts.settings.installed(environment: $0) } ?? parts.settings.installed()
        let context = CommandContext(
            site: site, parts: parts, settings: settings, program: name, output: output, errors: errors)
        guard C.startsServices else { return try await command.run(context) }
        let composed = try context.compose()
        try await composed.start()
        do {
            try await command.run(context.with(composed.services))
        } catch {
            await context.stop(composed)
            throw error
        }
        await context.stop(composed)
    }
}
