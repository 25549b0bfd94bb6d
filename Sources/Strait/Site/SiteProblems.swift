import StraitRouting
import StraitWeb

extension ComposedSite {
    /// The mistakes in the parts of the site that leave a part without effect: warnings of `check` and of the start.
    func problems() -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func warn(_ part: String, _ text: String, _ hint: String, _ id: String) {
            found.append(SettingsProblem(level: .warning, setting: part, text: text, hint: hint, id: id))
        }
        for app in idleApps {
            warn(
                "installedApps",
                "\(app) brings no routes, templates, tags, context processors, static files, services or commands.",
                "Compare the names of its properties with those of App: one that is misspelt has no effect.",
                "strait.W008")
        }
        for problem in RouteProblem.all(in: router.urlPatterns) {
            warn("routes", "\(problem)", problem.hint, "strait.W009")
        }
        return found
    }

    /// A warning of `check` alone: the site of a program may be there for its commands.
    func emptiness() -> [SettingsProblem] {
        if router.urlPatterns.isEmpty, router.channelNames.isEmpty {
            return [
                SettingsProblem(
                    level: .warning, setting: "routes",
                    text: "The site has no routes, so that every path is answered with 404.",
                    hint: "Declare them in `var routes: [Route] { … }`, or install an app.", id: "strait.W010")
            ]
        }
        return []
    }
}
