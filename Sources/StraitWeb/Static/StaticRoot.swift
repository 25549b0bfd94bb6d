internal import FoundationEssentials

/// The folder `STATIC_ROOT`, with checks that keep it apart from other folders.
struct StaticRoot {
    /// The path as in the setting.
    let path: String
    private let real: String

    init(_ path: String) {
        self.path = path
        real = FilePath.real(path)
    }

    /// Returns an error if one of `sources` is this folder, is inside it or contains it. Each run would then collect
    /// the output of the previous one. Django's `staticfiles.E002`, for all sources and through links.
    func overlap(with sources: [StaticSource]) -> StaticFilesError? {
        for case .folder(let source) in sources {
            let other = FilePath.real(source)
            if real == other { return .overlap(path, source, "is") }
            if FilePath.isInside(real, other) { return .overlap(path, source, "is in") }
            if FilePath.isInside(other, real) { return .overlap(path, source, "contains") }
        }
        return nil
    }

    /// Removes everything in the folder, but not the folder itself. Links are removed, not followed.
    ///
    /// - Throws: ``StaticFilesError`` if the folder is or contains a source, the working directory or the user's home,
    ///   or if an entry cannot be removed.
    func clear(keeping sources: [StaticSource]) throws(StaticFilesError) {
        if let overlap = overlap(with: sources) { throw overlap }
        let manager = FileManager.default
        var kept = [
            ("the working directory", manager.currentDirectoryPath),
            ("the user's home", manager.homeDirectoryForCurrentUser.path),
        ]
        // The environment may name a different home than the user's account.
        if let home = ProcessInfo.processInfo.environment["HOME"], home.utf8.first == 0x2F {
            kept.append(("the user's home", home))
        }
        if real == "/" { throw .unclearable(path, "is the root of the file system") }
        for (what, folder) in kept {
            let other = FilePath.real(folder)
            if FilePath.isInside(other, real) {
                throw .unclearable(path, other == real ? "is \(what)" : "contains \(what), \(folder)")
            }
        }
        guard FilePath.kind(of: path, followsLinks: true) != nil else { return }
        let names: [String]
        do { names = try manager.contentsOfDirectory(atPath: path) } catch {
            throw .unremovable(path, StaticFiles.text(of: error))
        }
        for name in names {
            do { try manager.removeItem(atPath: path + "/" + name) } catch {
                throw .unremovable(path + "/" + name, StaticFiles.text(of: error))
            }
        }
    }
}
