internal import FoundationEssentials
import StraitJSON
internal import StraitNetwork

/// The list of static files in `STATIC_ROOT`, `staticfiles.json`, in the form of Django's `ManifestFilesMixin`.
struct StaticManifest: Decodable, Sendable, Equatable {
    /// The part that only Strait reads; Django ignores it.
    struct Own: Decodable, Sendable, Equatable {
        /// The names of compressed files by the names of the files that they are the gzip coding of.
        var gzip: [String: String] = [:]
    }

    /// The hashed names by the names.
    let paths: [String: String]
    var version = "1.1"
    /// Twelve hexadecimal digits, others for other paths; nil in lists of earlier versions.
    var hash: String?
    /// Nil in a list that Django or an earlier version wrote: no file has a coding then.
    var strait: Own?

    init(paths: [String: String], gzip: [String: String]? = nil) {
        self.paths = paths
        strait = gzip.map { Own(gzip: $0) }
        let lines = paths.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            "\($0.key)\0\($0.value)\n"
        }
        hash = StaticCollection.hash(Bytes(lines.joined()))
    }

    static let fileName = "staticfiles.json"

    /// Reads the list of a folder.
    ///
    /// - Throws: ``StaticFilesError`` if there is none, or the file is none.
    init(in folder: String) throws(StaticFilesError) {
        let path = folder + "/" + Self.fileName
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .noManifest(path, folderExists: FilePath.kind(of: folder, followsLinks: true) == .folder)
        }
        do { self = try JSONCoder().decode(StaticManifest.self, from: Bytes(data)) } catch {
            throw .unreadable(path, "It is no list of static files.")
        }
    }

    /// The text of the file, the same for the same files.
    func text() -> String {
        var text = ByteBuffer(capacity: 4096)
        text.append("{\n" as StaticString)
        if let hash {
            text.append("  \"hash\": " as StaticString)
            text.append(json: hash)
            text.append(",\n" as StaticString)
        }
        text.append("  \"paths\": " as StaticString)
        Self.append(paths, indent: "  ", to: &text)
        if let strait {
            text.append(",\n  \"strait\": {\n    \"gzip\": " as StaticString)
            Self.append(strait.gzip, indent: "    ", to: &text)
            text.append("\n  }" as StaticString)
        }
        text.append(",\n  \"version\": " as StaticString)
        text.append(json: version)
        text.append("\n}\n" as StaticString)
        return String(decoding: text.freeze(), as: UTF8.self)
    }

    /// Appends `names` as an object with a line for each, in the order of their bytes.
    private static func append(_ names: [String: String], indent: String, to text: inout ByteBuffer) {
        text.append("{" as StaticString)
        var separator = "\n"
        for (name, other) in names.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text.append(separator + indent + "  ")
            text.append(json: name)
            text.append(": " as StaticString)
            text.append(json: other)
            separator = ",\n"
        }
        if !names.isEmpty { text.append("\n" + indent) }
        text.append("}" as StaticString)
    }
}
