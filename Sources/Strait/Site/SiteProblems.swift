import StraitRouting
import StraitWeb

extension ComposedSite {
    /// Returns warnings for parts of the site that have no effect. `check` and `runserver` print them.
    func problems() -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func warn(_ part: String, _ text: String, _ hint: String, _ id: String) {
            found.append(SettingsProblem(level: .warning, setting: part, text: text, hint: hint, id: id))
        }
        for app in idleApps {
            warn(
                "installedApps",
                "\(app) has no routes, templates, tags, context processors, static files, services or commands.",
                "Compare the names of its properties with those of App: a misspelt one has no effect.",
                "strait.W008")
        }
        for problem in RouteProblem.all(in: router.urlPatterns) {
            warn("routes", "\(problem)", problem.hint, "strait.W009")
        }
        return found
    }

    /// Returns a warning if the site has no routes. Only `check` prints it, since a site may exist for its commands.
    func emptiness() -> [SettingsProblem] {
        if router.urlPatterns.isEmpty, router.channelNames.isEmpty {
            return [
                SettingsProblem(
                    level: .warning, setting: "routes",
                    text: "The site has no routes, so every path returns 404.",
                    hint: "Declare them in `var routes: [Route] { … }`, or install an app.", id: "strait.W010")
            ]
        }
        return []
    }
}
