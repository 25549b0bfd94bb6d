import StraitCommandLine
import StraitWeb

extension CommandContext {
    /// The settings that cannot be used or have no effect, the folders that do not exist, and those that overlap.
    ///
    /// - Parameter isForDeployment: Whether to add the settings that should be others in production.
    func problems(isForDeployment: Bool = false) -> [SettingsProblem] {
        let own = isForDeployment ? settings.deploymentProblems : settings.errors
        let named = settings.warnings(options: RunServer.options.map(\.name))
        // Those of the settings do not know the options.
        let problems = own.filter { problem in !named.contains { $0.setting == problem.setting && $0.id == problem.id }
        }
        return problems + named + settings.folderProblems(ComposedSite.staticSources(parts, settings))
    }

    /// Checks the settings before the site is served, and prints their warnings.
    ///
    /// - Throws: ``/StraitCommandLine/CommandError`` that names each setting that cannot be used, and what to do.
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
            "It does not start with \(unsafe ? "unsafe" : "these") settings. \(list.joined(separator: " "))")
    }
}
