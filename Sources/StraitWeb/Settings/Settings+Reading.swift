public import FoundationEssentials
internal import StraitCommandLine
internal import StraitCore

extension Settings {
    /// Reads a file in the format that ``Settings`` describes.
    ///
    /// - Parameters:
    ///   - text: The contents of the file.
    ///   - name: The name of the file in errors.
    /// - Throws: ``SettingsError`` with the line. A name that nearly matches one of Strait's is an error: a misspelled
    ///   setting would silently have no effect.
    public mutating func read(file text: String, named name: String) throws(SettingsError) {
        let lines: [SettingsFile.Line]
        do { lines = try SettingsFile(parsing: text).lines } catch { throw error.at(name) }
        for line in lines {
            let place = SettingPlace.file(name, line: line.number)
            do throws(SettingsError) {
                if SettingEntry.byName[line.name] == nil, !isOwn(line.name), DjangoSetting.advice(on: line.name) == nil,
                    let meant = Self.nearName(line.name)
                {
                    throw SettingsError("\(line.name) is not a setting. Did you mean \(meant)?")
                }
                try take(line.name, line.value, place)
            } catch {
                throw error.at(place.description)
            }
        }
    }

    /// Returns the setting of Strait that `name` probably misspells; nil if none is similar.
    static func nearName(_ name: String) -> String? {
        guard let meant = Spelling.closest(to: name, among: SettingEntry.all.map(\.name)),
            Spelling.distance(name, meant) <= 2
        else { return nil }
        return meant
    }

    /// Whether the site declares `name` as its own, see ``ownNames``, or the name is that of an additional database.
    func isOwn(_ name: String) -> Bool {
        name.utf8.starts(with: "DATABASE_URL_".utf8)
            || ownNames.contains { own in
                own.utf8.last == 0x2A ? name.utf8.starts(with: own.utf8.dropLast()) : own == name
            }
    }

    /// Reads the environment.
    ///
    /// - Throws: ``SettingsError`` with the name of a variable that cannot be read.
    public mutating func read(environment: [String: String]) throws(SettingsError) {
        // A fixed order, so that the same one of several errors is reported each time.
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

    /// Returns these settings with the values of the installation. A file replaces the site's values, and the
    /// environment replaces both. The file is the one that `SETTINGS_FILE` names in the environment, or else
    /// `settings.env` in `folder`, if there is one.
    ///
    /// - Throws: ``SettingsError`` if a value cannot be read, or if the file that `SETTINGS_FILE` names does not exist.
    public func installed(
        environment: [String: String] = ProcessInfo.processInfo.environment, in folder: String = "."
    ) throws(SettingsError) -> Settings {
        var settings = self
        let named = environment["SETTINGS_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? folder + "/" + Self.fileName
        if let data = FileManager.default.contents(atPath: path) {
            guard let text = String(validating: data, as: UTF8.self) else {
                throw SettingsError("\(path): The file is not UTF-8 text. Save it as UTF-8.")
            }
            try settings.read(file: text, named: named ?? Self.fileName)
        } else if let named {
            throw SettingsError(
                "SETTINGS_FILE: '\(named)' does not exist or cannot be read. Create it, or unset SETTINGS_FILE.")
        }
        try settings.read(environment: environment)
        return settings
    }

    /// The name of the settings file in the current folder.
    public static let fileName = "settings.env"
}
