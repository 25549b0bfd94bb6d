internal import FoundationEssentials

/// A folder on disk, with one rule for its links, used for serving and for collecting.
///
/// A link is followed if it leads to a file in the same folder, or to a folder in it that does not contain the link. A
/// link is left out if its target is elsewhere, hidden or missing. Inside a linked folder, links to folders are left
/// out too, as they could multiply the files.
struct StaticFolder {
    let path: String

    /// The result of looking up a name in the folder.
    enum Entry: Equatable {
        /// A file, with its path on disk.
        case file(String)
        /// An entry that is not served, with the reason.
        case leftOut(SkippedEntry)
        case none
    }

    /// An entry of a folder that is neither served nor collected.
    struct SkippedEntry: Hashable, Sendable, CustomStringConvertible {
        let path: String
        let problem: String

        var description: String { "\(path) is left out: \(problem)" }
    }

    // MARK: One file

    /// Looks up `name` in the folder. `name` may come from a request.
    func entry(_ name: String) -> Entry {
        guard StaticName.isInside(name) else { return .none }
        let parts = name.utf8.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
        var place = path
        var isLinked = false
        for (index, part) in parts.enumerated() {
            let folder = place
            place += "/" + part
            let isLast = index == parts.count - 1
            switch FilePath.kind(of: place, followsLinks: false) {
            case .file where isLast: return .file(place)
            case .folder where !isLast: continue
            case .link:
                switch target(of: place, in: folder, isLinked: isLinked) {
                case .file where isLast: return .file(place)
                case .folder where !isLast: isLinked = true
                case .leftOut(let leftOut): return .leftOut(leftOut)
                default: return .none
                }
            default: return .none
            }
        }
        return .none
    }

    private enum Target {
        case file, folder, other
        case leftOut(SkippedEntry)
    }

    /// Returns the target of the link at `place` in `folder`.
    ///
    /// - Parameter isLinked: Whether `folder` was reached through a link.
    private func target(of place: String, in folder: String, isLinked: Bool) -> Target {
        func leftOut(_ problem: String) -> Target { .leftOut(SkippedEntry(path: place, problem: problem)) }
        guard let real = FilePath.existing(place), let root = FilePath.existing(path) else {
            return leftOut("the link's target does not exist. Remove the link, or restore its target.")
        }
        guard FilePath.isInside(real, root) else {
            return leftOut("the link leads out of \(path). Copy its target there, or add the other folder as well.")
        }
        let inner = real.utf8.dropFirst(root.utf8.count).split(separator: 0x2F)
        if inner.contains(where: { $0.first == 0x2E }) {
            return leftOut("the link leads to a hidden file. Give its target a name without a leading dot.")
        }
        switch FilePath.kind(of: real, followsLinks: false) {
        case .file: return .file
        case .folder:
            if isLinked {
                return leftOut("it is a link to a folder inside a linked folder. Link to its target directly.")
            }
            if let parent = FilePath.existing(folder), FilePath.isInside(parent, real) {
                return leftOut("the link leads to a folder that contains it. Remove it.")
            }
            return .folder
        default: return .other
        }
    }

    // MARK: All files

    /// The names of the files in a folder, sorted, and the entries that are left out.
    struct Listing {
        var names: [String] = []
        var leftOut: [SkippedEntry] = []
    }

    /// Lists all files in the folder and its subfolders. Hidden files and special files, such as pipes, are not listed.
    ///
    /// - Throws: ``StaticFilesError`` if a folder cannot be read. If it were treated as empty, pages would silently
    ///   lack its files.
    func listing() throws(StaticFilesError) -> Listing {
        var listing = Listing()
        try add(beneath: "", isLinked: false, to: &listing)
        listing.names.sort()
        return listing
    }

    /// Adds the files of a subfolder.
    ///
    /// - Parameters:
    ///   - place: The path of the subfolder in this folder, with a trailing slash; empty for this folder.
    ///   - isLinked: Whether it was reached through a link.
    private func add(beneath place: String, isLinked: Bool, to listing: inout Listing) throws(StaticFilesError) {
        let folder = place.isEmpty ? path : path + "/" + place.dropLast()
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw .folder(folder, Self.problem(of: folder))
        }
        for entry in entries where entry.utf8.first != 0x2E {
            let path = folder + "/" + entry
            guard StaticName.isInside(entry) else {
                listing.leftOut.append(
                    SkippedEntry(path: path, problem: "its name cannot be part of a URL. Rename it."))
                continue
            }
            switch FilePath.kind(of: path, followsLinks: false) {
            case .folder: try add(beneath: place + entry + "/", isLinked: isLinked, to: &listing)
            case .file: listing.names.append(place + entry)
            case .link:
                switch target(of: path, in: folder, isLinked: isLinked) {
                case .folder: try add(beneath: place + entry + "/", isLinked: true, to: &listing)
                case .file: listing.names.append(place + entry)
                case .leftOut(let leftOut): listing.leftOut.append(leftOut)
                case .other: continue
                }
            default: continue
            }
        }
    }

    private static func problem(of folder: String) -> String {
        switch FilePath.kind(of: folder, followsLinks: true) {
        case nil: "There is no such folder."
        case .folder: "The program's user may not read it."
        default: "It is a file."
        }
    }
}
