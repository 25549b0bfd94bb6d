import StraitCommandLine
import StraitLayers
import StraitWeb

/// Lists the problems of the site's settings, routes, static files and services; Django's `check`.
struct CheckSettings: Command {
    static let name = "check"
    static let summary = "Checks settings, routes, files and services."
    static let startsServices = false

    var isForDeployment = false
    var failLevel = FailLevel.error

    static var options: [CommandOption<CheckSettings>] {
        [
            .flag(
                "--deploy", "Whether to check the settings for production too.",
                \.isForDeployment),
            .value(
                "--fail-level", "LEVEL", "The lowest level that fails: warning or error (default: error).",
                \.failLevel),
        ]
    }

    enum FailLevel: String, OptionValue {
        case warning, error

        static var expectation: String { "warning or error" }
        init?(argument: String) { self.init(rawValue: argument.lowercased()) }
    }

    func run(_ context: CommandContext) async throws {
        let settings = context.settings
        // After collectstatic, the folders of apps may be missing. Folders in the settings have to exist.
        let isCollected = settings.staticRoot != nil && !settings.debug
        var problems = context.problems(isForDeployment: isForDeployment)
        // Parts that cannot be combined throw their own error.
        let site = try context.compose()
        problems += site.problems() + site.emptiness()
        problems += await Self.serviceProblems(site)
        problems.sort { $0.level > $1.level }
        for problem in problems { context.print("\(problem.level.rawValue.uppercased()): \(problem)") }
        let leftOut = try StaticFiles.check(
            isCollected
                ? settings.staticFolders.map { .folder($0) } : ComposedSite.staticSources(context.parts, settings))
        for warning in leftOut { context.print("WARNING: STATICFILES_DIRS: \(warning) (strait.W007)") }
        let count = problems.count + leftOut.count
        context.print(
            count == 0
                ? "No problems found."
                : "\(count) \(count == 1 ? "problem" : "problems") found.")
        let failing = problems.contains { $0.level == .error } || failLevel == .warning && count > 0
        if failing { throw CommandError("The check failed. Fix the problems listed above.") }
    }

    /// Starts and stops the services, and reports a problem if a database or a Redis server does not answer.
    private static func serviceProblems(_ site: ComposedSite) async -> [SettingsProblem] {
        do {
            try await site.start()
        } catch {
            return [
                SettingsProblem(
                    level: .error, setting: "services", text: "A service does not start: \(error)",
                    hint: "Check that its dependencies are available and its settings are correct.", id: "strait.E014")
            ]
        }
        let failures = await site.services.find(ChannelLayers.self)?.failures() ?? []
        await site.stop()
        return failures.map { alias, error in
            SettingsProblem(
                level: .error, setting: "CHANNEL_LAYERS", text: "The layer '\(alias)' does not answer: \(error)",
                hint: "Start its Redis, or correct the address.", id: "strait.E015",
                place: site.settings.places["CHANNEL_LAYERS"])
        }
    }
}
