import StraitCommandLine
import StraitLayers
import StraitWeb

/// Lists the problems of the site's settings, routes and static files; Django's `check`.
struct CheckSettings: Command {
    static let name = "check"
    static let summary = "Says what is wrong with settings, routes, files and services."
    static let startsServices = false

    var isForDeployment = false
    var failLevel = FailLevel.error

    static var options: [CommandOption<CheckSettings>] {
        [
            .flag(
                "--deploy", "Whether to check the settings for production too.",
                \.isForDeployment),
            .value("--fail-level", "LEVEL", "From what on to fail: warning, or error as unless given.", \.failLevel),
        ]
    }

    enum FailLevel: String, OptionValue {
        case warning, error

        static var expectation: String { "warning or error" }
        init?(argument: String) { self.init(rawValue: argument.lowercased()) }
    }

    func run(_ context: CommandContext) async throws {
        let settings = context.settings
        // Those of apps may be missing if all were collected; a folder that the settings name has to be there.
        let isCollected = settings.staticRoot != nil && !settings.debug
        var problems = context.problems(isForDeployment: isForDeployment)
        // Parts that cannot be put together are errors of their own.
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
                ? "Nothing is wrong."
                : "\(count) \(count == 1 ? "thing" : "things") to change.")
        let failing = problems.contains { $0.level == .error } || failLevel == .warning && count > 0
        if failing { throw CommandError("There are errors. Change what is named above.") }
    }

    /// Starts the services and stops them again: a database or a Redis that does not answer is a problem.
    private static func serviceProblems(_ site: ComposedSite) async -> [SettingsProblem] {
        do {
            try await site.start()
        } catch {
            return [
                SettingsProblem(
                    level: .error, setting: "services", text: "A service does not start: \(error)",
                    hint: "Make what it needs available, or correct its settings.", id: "strait.E014")
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
