import Foundation

/// The folder of a target's sources. Its files are those in `Templates` and `Static`, and those that `Embedded.txt`
/// lists.
///
/// Names that begin with a dot are skipped. Symbolic links follow the rule of static files. A link may lead to a file
/// in the same folder, or to a folder in it that does not contain the link. Any other link is an error.
struct AppFolder {
    /// The target's folder.
    let path: String
    /// The package's folder, to which paths in `Embedded.txt` are relative.
    let package: String

    /// The folders whose files are always included.
    static let roots = ["Templates", "Static"]
    /// The list of additional files, one path per line.
    static let list = "Embedded.txt"

    /// Returns all files, sorted by folder and name. The files of the list follow in its order.
    func files() throws(EmbedError) -> [EmbeddedFile] {
        var files: [EmbeddedFile] = []
        for root in Self.roots where Self.kind(of: "\(path)/\(root)") != nil {
            guard Self.kind(of: "\(path)/\(root)") == .typeDirectory else {
                throw EmbedError("\(path)/\(root) is not a folder. Make it one, or give it another name.")
            }
            try add(root, in: "\(path)/\(root)", isLinked: false, to: &files)
        }
        return try files + listed()
    }

    /// Adds the files in the folder `name`, which is inside `root`.
    private func add(
        _ name: String, in root: String, isLinked: Bool, to files: inout [EmbeddedFile]
    ) throws(EmbedError) {
        let folder = "\(path)/\(name)"
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw EmbedError("\(folder) cannot be read. Give the build's user the right to read it.")
        }
        for entry in entries.sorted() where entry.utf8.first != 0x2E {
            let (inner, place) = ("\(name)/\(entry)", "\(folder)/\(entry)")
            switch Self.kind(of: place) {
            case .typeDirectory: try add(inner, in: root, isLinked: isLinked, to: &files)
            case .typeRegular: files.append(EmbeddedFile(name: inner, path: place))
            case .typeSymbolicLink:
                if try leadsToFolder(place, in: root, isLinked: isLinked) {
                    try add(inner, in: root, isLinked: true, to: &files)
                } else {
                    files.append(EmbeddedFile(name: inner, path: place))
                }
            default: throw EmbedError("\(place) is neither a file nor a folder. Remove it.")
            }
        }
    }

    /// Whether the link at `place` leads to a folder. If not, it leads to a file.
    private func leadsToFolder(_ place: String, in root: String, isLinked: Bool) throws(EmbedError) -> Bool {
        let (real, whole) = (Self.real(place), Self.real(root))
        // Foundation returns a path unchanged if it contains a broken link.
        guard let kind = Self.kind(of: real), kind != .typeSymbolicLink else {
            throw EmbedError("\(place) is a broken link. Remove it, or restore its target.")
        }
        guard real == whole || real.utf8.starts(with: "\(whole)/".utf8) else {
            throw EmbedError("\(place) is a link that leads out of \(root). Copy its target there.")
        }
        guard !real.utf8.dropFirst(whole.utf8.count).split(separator: 0x2F).contains(where: { $0.first == 0x2E }) else {
            throw EmbedError("\(place) is a link to a hidden file. Give its target a name without a leading dot.")
        }
        switch kind {
        case .typeRegular: return false
        case .typeDirectory:
            guard !"\(Self.real(place, itself: true))/".utf8.starts(with: "\(real)/".utf8) else {
                throw EmbedError("\(place) is a link to a folder that contains it. Remove it.")
            }
            guard !isLinked else {
                throw EmbedError(
                    "\(place) is a link to a folder, inside a folder that is itself linked. Link to it directly.")
            }
            return true
        default: throw EmbedError("\(place) is a link to neither a file nor a folder. Remove it.")
        }
    }

    /// Returns the files in the list. A line that begins with `#` is a comment.
    private func listed() throws(EmbedError) -> [EmbeddedFile] {
        let list = "\(path)/\(Self.list)"
        guard Self.kind(of: list) != nil else { return [] }
        let text: String
        do { text = try String(contentsOfFile: list, encoding: .utf8) } catch {
            throw EmbedError("\(list) cannot be read as UTF-8. Save it in that encoding.")
        }
        var files: [EmbeddedFile] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let name = line.trimmingCharacters(in: .whitespaces)
            if name.isEmpty || name.hasPrefix("#") { continue }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
                throw EmbedError(
                    "\(list):\(index + 1): '\(name)' is not a path in the package. Write one such as "
                        + "Sources/Chat/Chat.swift.")
            }
            guard Self.kind(of: Self.real("\(package)/\(name)")) == .typeRegular else {
                throw EmbedError(
                    "\(list):\(index + 1): there is no file \(name) in \(package). Correct the path, or remove the "
                        + "line.")
            }
            files.append(EmbeddedFile(name: name, path: "\(package)/\(name)"))
        }
        return files
    }

    /// Returns the type of the file at `path`, without following a link. Returns nil if nothing exists there.
    private static func kind(of path: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    }

    /// Returns `path` with symbolic links resolved.
    ///
    /// - Parameter itself: Whether to keep a link at the end of the path.
    private static func real(_ path: String, itself isKept: Bool = false) -> String {
        let url = URL(filePath: path)
        guard isKept else { return url.resolvingSymlinksInPath().path }
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent).path
    }
}

/// The reason why an app's files cannot be compiled in, and what to do, on one line.
struct EmbedError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
