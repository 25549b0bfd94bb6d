import StraitCommandLine

/// A command and its site, whose properties a command line sets.
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
