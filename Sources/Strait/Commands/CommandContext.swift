public import StraitWeb

/// What a command works with: the site, and where its words go.
public struct CommandContext: Sendable {
    /// The program's site.
    public let site: any Site
    /// The site's settings, as they are for this installation.
    public let settings: Settings
    /// The program's name, as it was called.
    public let program: String
    private let output: @Sendable (String) -> Void

    init(site: any Site, settings: Settings, program: String, output: @escaping @Sendable (String) -> Void) {
        self.site = site
        self.settings = settings
        self.program = program
        self.output = output
    }

    /// Prints a line to standard output.
    public func print(_ line: String) {
        output(line)
    }
}
