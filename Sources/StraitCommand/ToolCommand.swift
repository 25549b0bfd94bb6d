import StraitCommandLine

/// A command of the program `strait`. It works on files alone, and needs nothing of the framework.
protocol ToolCommand: Sendable {
    /// The word on the command line.
    static var name: String { get }
    /// One line for the help.
    static var summary: String { get }
    static var options: [CommandOption<Self>] { get }

    /// A command without options.
    init()

    /// Does it.
    ///
    /// - Parameter print: Takes a line of output.
    /// - Throws: `UsageError` if the command line is wrong, `CommandError` if the command failed.
    func run(print: (String) -> Void) throws
}
