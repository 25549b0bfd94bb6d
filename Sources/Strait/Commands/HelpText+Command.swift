import StraitCommandLine

extension HelpText {
    /// The summary of a command and the options that it takes.
    static func command<C: Command>(_ command: C.Type, program: String) -> String {
        self.command(C.name, summary: C.summary, options: C.options, program: program)
    }
}
