internal import FoundationEssentials

/// A folder of files on disk, and the one rule for links in it, for serving and collecting alike.
///
/// A link is followed if it leads to a file of the same folder, or to a folder in it that the link is not in. Links that
/// lead elsewhere, to a hidden file or to nothing are left out, and so is a link to a folder in a folder that was
/// reached by a link already: the files beneath would multiply.
struct StaticFolder {
    let path: String

    /// The result of looking a name up in the folder.
    enum Entry: Equatable {
        /// A file, at a path on disk.
        case file(String)
        /// Something that is not served, with the reason.
        case leftOut(LeftOut)
        case none
    }

    /// Something in a folder that is neither served nor collected.
    struct LeftOut: Hashable, Sendable, CustomStringConvertible {
        let path: String
        let problem: String

        var description: String { "\(path) is left out: \(problem)" }
    }

    // MARK: One file

    /// Looks `name` up in the folder, which may come from a request.
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
        case leftOut(LeftOut)
    }

    /// The target of the link at `place` in `folder`.
    private func target(of place: String, in folder: String, isLinked: Bool) -> Target {
        func leftOut(_ problem: String) -> Target { .leftOut(LeftOut(path: place, problem: problem)) }
        guard let real = FilePath.existing(place), let root = FilePath.existing(path) else {
            return leftOut("the link leads to nothing. Remove it, or put back its target.")
        }
        guard FilePath.isInside(real, root) else {
            return leftOut("the link leads out of \(path). Copy its target there, or name the other folder as well.")
        }
        let inner = real.utf8.dropFirst(root.utf8.count).split(separator: 0x2F)
        if inner.contains(where: { $0.first == 0x2E }) {
            return leftOut("the link leads to a hidden file. Give its target a name without a dot in front.")
        }
        switch FilePath.kind(of: real, followsLinks: false) {
        case .file: return .file
        case .folder:
            if isLinked {
                return leftOut("it is a link to a folder in a folder that is reached by a link. Link to it directly.")
            }
            if let parent = FilePath.existing(folder), FilePath.isInside(parent, real) {
                return leftOut("the link leads to a folder that it is in. Remove it.")
            }
            return .folder
        default: return .other
        }
    }

    // MARK: All files

    /// The names of files in a folder, in order, and what is left out.
    struct Listing {
        var names: [String] = []
        var leftOut: [LeftOut] = []
    }

    /// All files in the folder and the folders beneath it. Names that begin with a dot and what is no file, such as a
    /// pipe, are not listed.
    ///
    /// - Throws: ``StaticFilesError`` if a folder cannot be read. Taken for empty, pages would lack its files without a
    ///   reason.
    func listing() throws(StaticFilesError) -> Listing {
        var listing = Listing()
        try add(beneath: "", isLinked: false, to: &listing)
        listing.names.sort()
        return listing
    }

    /// - Parameter place: The path of a folder in this one, with a slash behind it.
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
                    LeftOut(path: path, problem: "no address can have such a name. Give it another one."))
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
        case .folder: "The program's user has no right to read it."
        default: "It is a file."
        }
    }
}
