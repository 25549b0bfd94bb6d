import StraitCommandLine

extension HelpText {
    /// Returns the help text of a command: its summary and its options.
    static func command<C: Command>(_ command: C.Type, program: String) -> String {
        self.command(C.name, summary: C.summary, options: C.options, program: program)
    }
}
