public import StraitCommandLine

/// Something that a program does when its name is given on the command line; Django's management command.
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
/// A site offers it with `var commands: [any Command.Type] { [Greet.self] }`, and `mysite greet --name Ada` runs it.
public protocol Command: Sendable {
    /// The word on the command line.
    static var name: String { get }
    /// One line for the help.
    static var summary: String { get }
    /// What it takes; none by default.
    static var options: [CommandOption<Self>] { get }

    /// Whether the site's services are started before the command runs, and stopped after it. True by default.
    static var startsServices: Bool { get }

    /// A command as it is when no option is given.
    init()

    /// Does it.
    ///
    /// - Throws: ``/StraitCommandLine/UsageError`` if the options do not go together (exit code 2),
    ///   ``/StraitCommandLine/CommandError`` or any other error if it failed (exit code 1). The error's description is the one
    ///   line that is printed.
    func run(_ context: CommandContext) async throws
}

extension Command {
    public static var options: [CommandOption<Self>] { [] }
    public static var startsServices: Bool { true }
}
