public import FoundationEssentials
internal import StraitCommandLine
internal import StraitNetwork

extension Settings {
    /// Reads a file; see ``Settings`` for its form.
    ///
    /// - Parameters:
    ///   - text: The contents of the file.
    ///   - name: The name of the file in errors.
    /// - Throws: ``SettingsError`` with the line. A name that is nearly one of Strait's is refused: a setting that was
    ///   misspelt would silently be without effect.
    public mutating func read(file text: String, named name: String) throws(SettingsError) {
        let lines: [SettingsFile.Line]
        do { lines = try SettingsFile(parsing: text).lines } catch { throw error.at(name) }
        for line in lines {
            let place = SettingPlace.file(name, line: line.number)
            do throws(SettingsError) {
                if SettingEntry.byName[line.name] == nil, !isOwn(line.name), DjangoSetting.advice(on: line.name) == nil,
                    let meant = Self.nearName(line.name)
                {
                    throw SettingsError("\(line.name) is no setting. Did you mean \(meant)?")
                }
                try take(line.name, line.value, place)
            } catch {
                throw error.at(place.description)
            }
        }
    }

    /// The setting of Strait's that `name` misspells; nil if it is near to none.
    static func nearName(_ name: String) -> String? {
        guard let meant = Spelling.closest(to: name, among: SettingEntry.all.map(\.name)),
            Spelling.distance(name, meant) <= 2
        else { return nil }
        return meant
    }

    /// Whether `name` is declared to be the site's own; see ``ownNames``.
    func isOwn(_ name: String) -> Bool {
        ownNames.contains { own in
            own.utf8.last == 0x2A ? name.utf8.starts(with: own.utf8.dropLast()) : own == name
        }
    }

    /// Reads the environment.
    ///
    /// - Throws: ``SettingsError`` with the name of a variable that cannot be read.
    public mutating func read(environment: [String: String]) throws(SettingsError) {
        // In one order, so that the same one of several faults is reported each time.
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            do throws(SettingsError) {
                try take(name, value, .environment)
            } catch {
                throw error.at("in the environment")
            }
        }
    }

    private mutating func take(_ name: String, _ value: String, _ place: SettingPlace) throws(SettingsError) {
        places[name] = place
        guard let entry = SettingEntry.byName[name] else {
            others[name] = value
            return
        }
        try entry.set(&self, value)
    }

    /// These settings, replaced by those of an installation: of the file that `SETTINGS_FILE` names in the environment, or
    /// of `settings.env` in the current folder if there is one, and of the environment itself.
    ///
    /// - Throws: ``SettingsError`` if something cannot be read, or a file that was named does not exist.
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

    /// The name of the file in the current folder.
    public static let fileName = "settings.env"
}
