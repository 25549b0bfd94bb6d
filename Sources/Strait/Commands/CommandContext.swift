public import StraitWeb

/// The surroundings of a command: the site, its settings, and its output.
public struct CommandContext: Sendable {
    /// The program's site.
    public let site: any Site
    /// The site's settings, as they are for this installation.
    public let settings: Settings
    /// The program's name, as it was called.
    public let program: String
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void

    init(
        site: any Site, settings: Settings, program: String, output: @escaping @Sendable (String) -> Void,
        errors: @escaping @Sendable (String) -> Void
    ) {
        self.site = site
        self.settings = settings
        self.program = program
        self.output = output
        self.errors = errors
    }

    /// Prints a line to standard output.
    public func print(_ line: String) {
        output(line)
    }

    /// Prints a warning, one line, to standard error.
    public func warn(_ line: String) {
        errors("\(program): warning: \(line)")
    }
}
