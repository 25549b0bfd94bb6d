import Foundation
import StraitCommandLine

/// The program `strait`, with the commands that need no site; Django's `django-admin`.
@main struct StraitCommand {
    static func main() {
        let tool = Tool(
            output: { print($0) }, errors: { FileHandle.standardError.write(Data("\($0)\n".utf8)) })
        exit(tool.run(Array(CommandLine.arguments.dropFirst())))
    }
}

/// The command line of the program `strait`.
struct Tool {
    static let name = "strait"
    static let commands: [any ToolCommand.Type] = [StartProject.self, StartApp.self]

    /// Writes a line to standard output.
    let output: (String) -> Void
    /// Writes a line to standard error.
    let errors: (String) -> Void

    /// Runs the command line `words`, which do not include the program's name.
    ///
    /// - Returns: The exit code: 0 for success, 1 if the command failed, or 2 if the command line was invalid.
    func run(_ words: [String]) -> Int32 {
        do {
            try perform(words)
            return 0
        } catch let error as UsageError {
            errors("\(Self.name): \(error)")
            return 2
        } catch {
            errors("\(Self.name): \(error)")
            return 1
        }
    }

    private func perform(_ words: [String]) throws {
        var words = words[...]
        if words.first == "help", words.count > 1 { words = words.dropFirst() + ["--help"] }
        guard let name = words.popFirst(), !["--help", "-h", "help"].contains(name) else {
            let rows = Self.commands.map { ($0.name, $0.summary) }
            return print(HelpText.program(Self.name, commands: rows, defaultCommand: nil))
        }
        if name == "--version" { return output("\(Self.name) (Strait \(Release.version))") }
        if name.hasPrefix("-") { throw UsageError.unknownOption(name, known: ["--help", "--version"]) }
        guard let command = Self.commands.first(where: { $0.name == name }) else {
            throw UsageError.unknownCommand(name, known: Self.commands.map { $0.name } + ["help"])
        }
        try perform(command, Array(words))
    }

    private func perform<C: ToolCommand>(_ type: C.Type, _ words: [String]) throws {
        if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return print(HelpText.command(C.name, summary: C.summary, options: C.options, program: Self.name))
        }
        var command = C()
        try OptionParser(options: C.options).parse(words, into: &command)
        try command.run(print: output)
    }

    /// Prints `text` without the line feed at its end, because `output` adds one.
    private func print(_ text: String) { output(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
}

/// A command of the program `strait`. It works only on files and does not need the framework.
protocol ToolCommand: Sendable {
    /// The command's name on the command line.
    static var name: String { get }
    /// A one-line description for the help text.
    static var summary: String { get }
    static var options: [CommandOption<Self>] { get }

    /// Creates a command with the default values of its options.
    init()

    /// Runs the command.
    ///
    /// - Parameter print: Prints a line of output.
    /// - Throws: `UsageError` if the command line is invalid, or `CommandError` if the command fails.
    func run(print: (String) -> Void) throws
}
