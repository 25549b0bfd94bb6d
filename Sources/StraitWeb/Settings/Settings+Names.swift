internal import StraitCommandLine
internal import StraitCore

extension Settings {
    /// The problems of settings that have no effect: unknown names in the file and the environment, and ineffective
    /// values.
    public var warnings: [SettingsProblem] { warnings(options: []) }

    /// Returns ``warnings``, with a hint for names that are command-line options, such as `--max-message-size`.
    ///
    /// - Parameter options: The command-line options.
    package func warnings(options: [String]) -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func warn(_ name: String, _ text: String, _ hint: String, _ id: String) {
            found.append(
                SettingsProblem(level: .warning, setting: name, text: text, hint: hint, id: id, place: places[name]))
        }
        for name in others.keys.sorted() where !isOwn(name) {
            if let advice = DjangoSetting.advice(on: name) {
                warn(name, "Strait does not have this setting of Django's.", advice, "strait.W003")
            } else if case .file = places[name] {
                let option = Self.option(of: name)
                if options.contains(option) {
                    warn(
                        name, "There is no such setting.", "Use the command-line option \(option) instead.",
                        "strait.W002")
                } else {
                    let known = ownNames + SettingEntry.all.map(\.name) + DjangoSetting.names
                    let meant = Spelling.closest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
                    warn(
                        name, "There is no such setting.",
                        "\(meant)If it is the site's own, declare it in Swift: settings.ownNames = [\"\(name)\"].",
                        "strait.W002")
                }
            } else if name.utf8.count >= 8, let meant = Self.nearName(name) {
                warn(name, "There is no such setting.", "Did you mean \(meant)?", "strait.W002")
            }
        }
        if staticURL == "/" {
            warn(
                "STATIC_URL", "It is '/'. Strait serves no static files there.",
                "Write a path such as /static/, unless the server in front serves them.", "strait.W005")
        }
        return found
    }

    /// Returns the option for a name: `--max-message-size` for `MAX_MESSAGE_SIZE`.
    private static func option(of name: String) -> String {
        "--" + String(decoding: name.utf8.map { $0 == 0x5F ? 0x2D : $0 }, as: UTF8.self).lowercased()
    }
}
