import StraitCommandLine
import StraitWeb

extension CommandContext {
    /// Returns the settings that are invalid or have no effect, missing folders, and overlapping folders.
    ///
    /// - Parameter isForDeployment: Whether to include settings that are not suitable for production.
    func problems(isForDeployment: Bool = false) -> [SettingsProblem] {
        let own = isForDeployment ? settings.deploymentProblems : settings.errors
        let named = settings.warnings(options: RunServer.options.map(\.name))
        // Problems of the settings themselves do not take the options into account.
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
