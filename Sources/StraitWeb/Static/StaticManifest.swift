internal import FoundationEssentials

/// Which hashed name stands for which name: `staticfiles.json`, in Django's form.
struct StaticManifest: Codable, Sendable, Equatable {
    /// The hashed names by the names.
    let paths: [String: String]
    var version = "1.1"

    init(paths: [String: String]) { self.paths = paths }

    static let fileName = "staticfiles.json"

    /// Reads the one in a folder.
    ///
    /// - Throws: ``StaticFilesError`` where there is none, or what is there is none.
    init(in folder: String) throws(StaticFilesError) {
        let path = folder + "/" + Self.fileName
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path, "There is no such file.")
        }
        do { self = try JSONDecoder().decode(StaticManifest.self, from: data) } catch {
            throw .unreadable(path, "It is no list of static files.")
        }
    }

    /// The text of the file, the same for the same files.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
