internal import FoundationEssentials
import StraitJSON
internal import StraitNetwork

/// Which hashed name stands for which name: `staticfiles.json`, in Django's form.
struct StaticManifest: Decodable, Sendable, Equatable {
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
        do { self = try JSONCoder().decode(StaticManifest.self, from: Bytes(data)) } catch {
            throw .unreadable(path, "It is no list of static files.")
        }
    }

    /// The text of the file, the same for the same files.
    func text() -> String {
        var text = ByteBuffer(capacity: 4096)
        text.append("{\n  \"paths\": {" as StaticString)
        var separator: StaticString = "\n    "
        for (name, hashed) in paths.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text.append(separator)
            text.append(json: name)
            text.append(": " as StaticString)
            text.append(json: hashed)
            separator = ",\n    "
        }
        text.append("\n  },\n  \"version\": " as StaticString)
        text.append(json: version)
        text.append("\n}\n" as StaticString)
        return String(decoding: text.freeze(), as: UTF8.self)
    }
}
