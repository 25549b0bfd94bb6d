public import StraitCommandLine

/// A subcommand of a site's program; Django's management command.
///
/// ```swift
/// struct Greet: Command {
///     static let name = "greet"
///     static let summary = "Says hello."
///     static var options: [CommandOption<Greet>] { [.value("--name", "NAME", "Whom to greet.", \.person)] }
///     var person = "world"
///
///     func run(_ context: CommandContext) async throws { context.print("Hello, \(person)!") }
/// }
/// ```
///
/// A site adds it with `var commands: [any Command.Type] { [Greet.self] }`. `mysite greet --name Ada` runs it.
public protocol Command: Sendable {
    /// The command's name on the command line.
    static var name: String { get }
    /// A one-line description for the help text.
    static var summary: String { get }
    /// The command's options; none by default.
    static var options: [CommandOption<Self>] { get }

    /// Whether the site's services start before the command runs and stop after it. The default is true.
    static var startsServices: Bool { get }

    /// Creates a command with the default values of its options.
    init()

    /// Runs the command.
    ///
    /// - Throws: ``/StraitCommandLine/UsageError`` if the options cannot be combined (exit code 2).
    ///   ``/StraitCommandLine/CommandError`` or any other error if the command fails (exit code 1). The program prints
    ///   the error's description on one line.
    func run(_ context: CommandContext) async throws
}

extension Command {
    /// No options, by default.
    public static var options: [CommandOption<Self>] { [] }
    /// True by default: the services start.
    public static var startsServices: Bool { true }
}

/// A command together with its site. The command line sets the properties of both.
struct CommandCall<C: Command, S: Site> {
    var command: C
    var site: S

    /// The command's options, followed by the site's. The command's option is used if both have the same name.
    static var options: [CommandOption<CommandCall>] {
        let own = C.options
        return own.map { $0.inside(\.command) }
            + S.options.filter { option in !own.contains { $0.name == option.name } }.map { $0.inside(\.site) }
    }
}

extension HelpText {
    /// Returns the help text of a command: its summary and its options.
    static func command<C: Command>(_ command: C.Type, program: String) -> String {
        self.command(C.name, summary: C.summary, options: C.options, program: program)
    }
}
