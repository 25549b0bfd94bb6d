import StraitCommandLine

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
