internal import FoundationEssentials
internal import StraitCore
import StraitJSON

/// The manifest of `STATIC_ROOT`, `staticfiles.json`, in the format of Django's `ManifestFilesMixin`.
struct StaticManifest: Decodable, Sendable, Equatable {
    /// The part that only Strait reads. Django ignores it.
    struct Own: Decodable, Sendable, Equatable {
        /// The names of the gzip-compressed copies, by the names of the files.
        var gzip: [String: String] = [:]
    }

    /// The hashed names by the original names.
    let paths: [String: String]
    var version = "1.1"
    /// A hash of `paths`, in 12 hexadecimal digits; nil in a manifest of an earlier version.
    var hash: String?
    /// Strait's part; nil in a manifest that Django or an earlier version wrote. No file has a compressed copy then.
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

    /// Reads the manifest of a folder.
    ///
    /// - Throws: ``StaticFilesError`` if the file does not exist, or is not a manifest.
    init(in folder: String) throws(StaticFilesError) {
        let path = folder + "/" + Self.fileName
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .noManifest(path, folderExists: FilePath.kind(of: folder, followsLinks: true) == .folder)
        }
        do { self = try JSONCoder().decode(StaticManifest.self, from: Bytes(data)) } catch {
            throw .unreadable(path, "It is not a list of static files.")
        }
    }

    /// Returns the text of the file. It is the same for the same files.
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

    /// Appends `names` as a JSON object with one line per name, sorted by bytes.
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
