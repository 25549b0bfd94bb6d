internal import Foundation
internal import Glibc
import StraitCommandLine
internal import StraitCore
import StraitHTTP
import StraitLayers
import StraitRedis
import StraitWeb

/// A command-line program. It finds the command, parses its options, runs it, and prints an error on one line.
package struct Program: Sendable {
    /// The file name by which the program was called.
    let name: String
    /// The site of the program's commands.
    let site: any Site
    let commands: [any Command.Type]
    /// The environment for the settings, or nil to use the environment of the process.
    let environment: [String: String]?
    /// The input for questions.
    let input: CommandInput
    /// Writes a line to standard output.
    let output: @Sendable (String) -> Void
    /// Writes a line to standard error.
    let errors: @Sendable (String) -> Void

    /// The action that a command line requests.
    enum Request {
        case print(String)
        case run(any Command, site: any Site)
    }

    /// Creates a program with the framework's commands and the site's own. A site's command replaces a framework
    /// command of the same name.
    init(
        name: String, site: any Site, environment: [String: String]? = nil, input: CommandInput = .terminal,
        output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void
    ) {
        // A command reports errors in the site's parts when it runs.
        let own = (try? SiteParts(site))?.commands ?? []
        let builtIn: [any Command.Type] = [
            RunServer.self, RunWorker.self, SendMessage.self, ListRoutes.self, CheckSettings.self, CollectStatic.self,
            MakeMigrations.self, Migrate.self, ShowMigrations.self, SQLMigrate.self, InspectDB.self,
            DatabaseShell.self, Flush.self, DumpData.self, LoadData.self,
        ]
        self.name = name
        self.site = site
        commands = builtIn.filter { command in !own.contains { $0.name == command.name } } + own
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
    }

    /// Parses `words`, which do not include the program's name.
    func read(_ words: [String]) throws(UsageError) -> Request {
        if let first = words.first {
            if first == "--version" { return .print("\(name) (Strait \(Release.version))\n") }
            if first == "--help" || first == "-h" || (first == "help" && words.count == 1) { return .print(help) }
        }
        var words = words[...]
        if words.first == "help" { words = words.dropFirst() + ["--help"] }
        // Without a command, options belong to the default command, the server.
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

    /// Runs the command line `words`.
    ///
    /// - Returns: The exit code: 0 for success, 1 if the command failed, or 2 if the command line was invalid.
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
            site: site, parts: parts, settings: settings, program: name, input: input,
            environment: environment ?? ProcessInfo.processInfo.environment, output: output, errors: errors)
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

extension Program {
    /// The file name by which the process was called.
    private static var calledName: String {
        let path = CommandLine.arguments.first ?? ""
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Creates the program of `site` for this process.
    init(site: any Site) {
        self.init(
            name: Self.calledName, site: site, output: { LineOutput.standardOutput.writeWhole($0) },
            errors: { LineOutput.standardError.writeWhole($0) })
    }

    /// Runs the process' command line, and exits with the result.
    package func main() async -> Never {
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }
}

extension Site {
    /// The program's entry point. It runs the command line and exits with the result.
    @MainActor
    public static func main() async {
        await Program(site: Self()).main()
    }
}
