internal import FoundationEssentials
internal import Glibc
internal import StraitCore

extension StaticFiles {
    /// The outcome of ``collect(_:into:baseURL:clearing:)``.
    package struct Collected: Sendable, Equatable {
        /// The number of files.
        package var files = 0
        /// The number of files that also have a compressed copy.
        package var compressed = 0
        /// The number of files that are new or changed.
        package var written = 0
        /// The number of compressed files of an earlier run that were removed.
        package var removed = 0
        /// A sentence for each file or link that was left out.
        package var warnings: [String] = []
    }

    /// Copies the files of `sources` to the folder `root`, under their own names and their hashed names. Compressed
    /// copies are added if they are worth it.
    ///
    /// The manifest is written last, so a server that reads it finds all its files. Compressed files of an earlier run
    /// that are no longer current are removed.
    ///
    /// - Parameters:
    ///   - sources: The sources. If several have a file of the same name, the first one is used.
    ///   - root: The folder to write to, `STATIC_ROOT`.
    ///   - baseURL: The prefix that the files are served under.
    ///   - clearing: Whether to remove everything else from `root` first.
    /// - Throws: ``StaticFilesError`` in these cases: a file cannot be read or written, or refers to a missing file;
    ///   `root` is one of the sources, or may not be cleared.
    package static func collect(
        _ sources: [StaticSource], into root: String, baseURL: String, clearing: Bool = false
    ) throws -> Collected {
        if let overlap = StaticRoot(root).overlap(with: sources) { throw overlap }
        let collection = try StaticCollection(sources, baseURLs: [baseURL])
        guard collection.files[StaticManifest.fileName] == nil else { throw StaticFilesError.manifestName }
        if clearing { try StaticRoot(root).clear(keeping: sources) }
        let former = clearing ? nil : try? StaticManifest(in: root)
        var done = Collected(warnings: collection.leftOut.map(\.description))
        var gzip: [String: String] = [:]
        let names = Set(collection.files.values.flatMap { [$0.name, $0.hashedName] })
        for file in collection.files.values.sorted(by: { $0.name < $1.name }) {
            done.files += 1
            var isNew = false
            for name in [file.name, file.hashedName] {
                if try write(file.contents, to: root, name) { isNew = true }
                // A source may have a file with the name of a compressed copy. That file is kept.
                guard let compressed = file.compressed, !names.contains(name + ".gz") else { continue }
                _ = try write(compressed, to: root, name + ".gz")
                gzip[name] = name + ".gz"
            }
            if file.compressed != nil { done.compressed += 1 }
            if isNew { done.written += 1 }
        }
        let manifest = StaticManifest(paths: collection.manifest.paths, gzip: gzip)
        _ = try write(Bytes(manifest.text()), to: root, StaticManifest.fileName)
        // Only now, because the manifest no longer names them.
        let current = Set(gzip.values).union(names)
        for name in Set(former?.strait?.gzip.values.map { $0 } ?? []).subtracting(current).sorted() {
            guard name.utf8.reversed().starts(with: ".gz".utf8.reversed()),
                case .file(let path) = StaticFolder(path: root).entry(name)
            else { continue }
            do { try FileManager.default.removeItem(atPath: path) } catch {
                throw StaticFilesError.unremovable(path, text(of: error))
            }
            done.removed += 1
        }
        return done
    }

    /// Writes `bytes` atomically, unless the file has these contents already. Returns whether it wrote.
    private static func write(_ bytes: Bytes, to root: String, _ name: String) throws -> Bool {
        let path = root + "/" + name
        let data = Data(Array(bytes))
        if FileManager.default.contents(atPath: path) == data { return false }
        let folder = path.utf8.lastIndex(of: 0x2F).map { String(path[..<$0]) } ?? root
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let isFull = [ENOSPC, EDQUOT].contains(code(of: error) ?? 0)
            throw StaticFilesError.unwritable(path, text(of: error), isFull: isFull)
        }
        return true
    }

    /// Returns the system's text for a file error.
    static func text(of error: any Error) -> String {
        code(of: error).map { TransportError.text(of: $0) } ?? "\(error)"
    }

    /// Returns the system's number of a file error; nil if it has none.
    private static func code(of error: any Error) -> Int32? {
        ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue
    }

    /// Checks that the folders of `sources` can be read.
    ///
    /// - Returns: A sentence for each file or link that is left out.
    /// - Throws: ``StaticFilesError`` that names an unreadable folder.
    @discardableResult
    package static func check(_ sources: [StaticSource]) throws(StaticFilesError) -> [String] {
        var warnings: [String] = []
        for source in sources { warnings += try source.listing().leftOut.map(\.description) }
        return warnings
    }
}
