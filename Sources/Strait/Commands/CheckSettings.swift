import StraitWeb

/// Says what is wrong with the site's settings; Django's `check`.
struct CheckSettings: Command {
    static let name = "check"
    static let summary = "Says what is wrong with the site's settings and routes."

    var isForDeployment = false
    var failLevel = FailLevel.error

    static var options: [CommandOption<CheckSettings>] {
        [
            .flag(
                "--deploy", "Whether to look for what should be otherwise where strangers have access.",
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
        // What is wrong with routes and static files is thrown here.
        let settings = context.settings
        _ = try context.site.served(settings)
        // Those of apps may be missing where all was collected; a folder that the settings name is to be there.
        let isCollected = settings.staticRoot != nil && !settings.debug
        try StaticFiles.check(
            isCollected ? settings.staticFolders.map { .folder($0) } : context.site.staticSources(settings))
        let problems = isForDeployment ? settings.deploymentProblems : settings.errors
        for problem in problems.sorted(by: { $0.level > $1.level }) {
            context.print("\(problem.level.rawValue.uppercased()): \(problem)")
        }
        context.print(
            problems.isEmpty
                ? "Nothing is wrong with the settings."
                : "\(problems.count) \(problems.count == 1 ? "thing" : "things") to change.")
        let failing = problems.contains { $0.level == .error || failLevel == .warning }
        if failing { throw CommandError("The settings are not as they should be. Change what is named above.") }
    }
}
