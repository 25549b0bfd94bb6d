public import FoundationEssentials
internal import StraitNetwork

extension Settings {
    /// Takes what a file says; see ``Settings`` for how it is written.
    ///
    /// - Parameters:
    ///   - text: What is in the file.
    ///   - name: What the file is called in errors.
    /// - Throws: ``SettingsError`` with the line. A name that is nearly one of Strait's is refused: a setting that was
    ///   misspelt would silently be without effect.
    public mutating func read(file text: String, named name: String) throws(SettingsError) {
        do throws(SettingsError) {
            for line in try SettingsFile(parsing: text).lines {
                do throws(SettingsError) {
                    if SettingEntry.byName[line.name] == nil,
                        let meant = Spelling.closest(to: line.name, among: SettingEntry.all.map(\.name)),
                        Spelling.distance(line.name, meant) <= 2
                    {
                        throw SettingsError("\(line.name) is no setting. Did you mean \(meant)?")
                    }
                    try take(line.name, line.value)
                } catch {
                    throw error.at("line \(line.number)")
                }
            }
        } catch {
            throw error.at(name)
        }
    }

    /// Takes what the environment says.
    ///
    /// - Throws: ``SettingsError`` with the name of a variable that cannot be read.
    public mutating func read(environment: [String: String]) throws(SettingsError) {
        // In one order, so that of several faults always the same one is told.
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            do throws(SettingsError) {
                try take(name, value)
            } catch {
                throw error.at("in the environment")
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) throws(SettingsError) {
        guard let entry = SettingEntry.byName[name] else {
            others[name] = value
            return
        }
        try entry.set(&self, value)
    }

    /// These settings with those of an installation over them: of the file that `SETTINGS_FILE` names in the
    /// environment, or of `settings.env` in the current folder where there is one, and of the environment itself.
    ///
    /// - Throws: ``SettingsError`` where something cannot be read, or a file that was named is not there.
    public func installed(
        environment: [String: String] = ProcessInfo.processInfo.environment, in folder: String = "."
    ) throws(SettingsError) -> Settings {
        var settings = self
        let named = environment["SETTINGS_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? folder + "/" + Self.fileName
        if let data = FileManager.default.contents(atPath: path) {
            guard let text = String(validating: data, as: UTF8.self) else {
                throw SettingsError("\(path): The file is no text in UTF-8. Save it as such.")
            }
            try settings.read(file: text, named: named ?? Self.fileName)
        } else if let named {
            throw SettingsError(
                "SETTINGS_FILE: There is no file '\(named)' that can be read. Make it, or unset the name.")
        }
        try settings.read(environment: environment)
        return settings
    }

    /// The file that is looked for in the current folder.
    public static let fileName = "settings.env"
}
