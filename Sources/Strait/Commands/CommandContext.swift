import StraitCommandLine
public import StraitCore
import StraitServer
public import StraitWeb

/// The environment of a command: the site, its settings and services, and the output.
public struct CommandContext: Sendable, ServiceProvider {
    /// The program's site.
    public let site: any Site
    /// The settings of this installation.
    public let settings: Settings
    /// The site's running services, or none if the command does not start them.
    public let services: Services
    /// The name by which the program was called.
    public let program: String
    let parts: SiteParts
    /// The input for questions.
    let input: CommandInput
    /// The variables of the environment.
    let environment: [String: String]
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void

    init(
        site: any Site, parts: SiteParts, settings: Settings, services: Services = .none, program: String,
        input: CommandInput = .terminal, environment: [String: String] = [:],
        output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void
    ) {
        self.site = site
        self.parts = parts
        self.settings = settings
        self.services = services
        self.program = program
        self.input = input
        self.environment = environment
        self.output = output
        self.errors = errors
    }

    /// Returns the composed site for a server with this configuration.
    func compose(_ configuration: ServerConfiguration? = nil) throws -> ComposedSite {
        try ComposedSite(site, parts, settings: settings, configuration: configuration)
    }

    /// Returns a copy of the context with `services`.
    func with(_ services: Services) -> CommandContext {
        CommandContext(
            site: site, parts: parts, settings: settings, services: services, program: program, input: input,
            environment: environment, output: output, errors: errors)
    }

    /// Stops the services of `site`, and prints a warning with those that did not stop in time.
    func stop(_ site: ComposedSite) async {
        let late = await site.stop()
        if !late.isEmpty {
            warn("Did not stop within \(site.configuration.stopTimeout): \(late.joined(separator: ", ")).")
        }
    }

    /// Prints a line to standard output.
    public func print(_ line: String) {
        output(line)
    }

    /// Prints a one-line warning to standard error.
    public func warn(_ line: String) {
        errors("\(program): warning: \(line)")
    }
}

extension CommandContext {
    /// Returns the problems of the settings: invalid values, names that have no effect, and missing or overlapping
    /// folders.
    ///
    /// - Parameter isForDeployment: Whether to include settings that are not suitable for production.
    func problems(isForDeployment: Bool = false) -> [SettingsProblem] {
        let own = isForDeployment ? settings.deploymentProblems : settings.errors
        let named = settings.warnings(options: RunServer.options.map(\.name))
        // The warnings in `named` take the command-line options into account, so they replace those in `own`.
        let problems = own.filter { problem in !named.contains { $0.setting == problem.setting && $0.id == problem.id }
        }
        return problems + named + settings.folderProblems(ComposedSite.staticSources(parts, settings))
    }

    /// Checks the settings before the site starts, and prints warnings.
    ///
    /// - Throws: ``/StraitCommandLine/CommandError`` with each invalid setting and the way to fix it.
    func checkSettings() throws(CommandError) {
        let problems = problems()
        for problem in problems where problem.level == .warning { warn("\(problem)") }
        let errors = problems.filter { $0.level == .error }
        if errors.isEmpty { return }
        let list = errors.map { problem in
            "\(problem.setting): \(problem.text) \(problem.hint)" + (problem.line.map { " (\($0))" } ?? "")
        }
        let unsafe = errors.contains { $0.id.hasPrefix("security.") || $0.id.hasPrefix("4_0.") }
        throw CommandError(
            "Cannot start with \(unsafe ? "unsafe" : "these") settings. \(list.joined(separator: " "))")
    }
}
