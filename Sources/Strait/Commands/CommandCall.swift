import StraitCommandLine

/// A command and the site that it is for, as a command line sets both.
struct CommandCall<C: Command, S: Site> {
    var command: C
    var site: S

    /// What the command takes, and behind it what the site does; the command's win where they have the same name.
    static var options: [CommandOption<CommandCall>] {
        let own = C.options
        return own.map { $0.inside(\.command) }
            + S.options.filter { option in !own.contains { $0.name == option.name } }.map { $0.inside(\.site) }
    }
}
