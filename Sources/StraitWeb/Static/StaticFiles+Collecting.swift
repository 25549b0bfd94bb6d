internal import FoundationEssentials
internal import Glibc
internal import StraitNetwork

extension StaticFiles {
    /// The outcome of ``collect(_:into:baseURL:clearing:)``.
    package struct Collected: Sendable, Equatable {
        /// The number of files.
        package var files = 0
        /// The number of files that are there compressed, too.
        package var compressed = 0
        /// The number of files that were not there before.
        package var written = 0
        /// The number of compressed files of an earlier run that were removed.
        package var removed = 0
        /// A sentence for each thing that was left out.
        package var warnings: [String] = []
    }

    /// Copies the files of `sources` to the folder `root`, under their own names and those with a hash, compressed beside
    /// them if that is worth it, and the manifest last: a server that reads it finds all files that it names.
    ///
    /// Compressed files that an earlier run wrote and this one does not are removed.
    ///
    /// - Parameter clearing: Whether to remove everything else from `root` first.
    /// - Throws: ``StaticFilesError`` if something cannot be read or written, refers to a file that does not exist, or if
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
                // A file of a source that has this name is not the coding of another.
                guard let compressed = file.compressed, !names.contains(name + ".gz") else { continue }
                _ = try write(compressed, to: root, name + ".gz")
                gzip[name] = name + ".gz"
            }
            if file.compressed != nil { done.compressed += 1 }
            if isNew { done.written += 1 }
        }
        let manifest = StaticManifest(paths: collection.manifest.paths, gzip: gzip)
        _ = try write(Bytes(manifest.text()), to: root, StaticManifest.fileName)
        // Last, when the manifest names them no more.
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

    /// Writes `bytes` unless they are there already, and returns whether it did. A file is there as a whole or not at all.
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

    /// The system's text of an error of a file.
    static func text(of error: any Error) -> String {
        code(of: error).map { TransportError.text(of: $0) } ?? "\(error)"
    }

    /// The system's number of an error of a file; nil if it has none.
    private static func code(of error: any Error) -> Int32? {
        ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue
    }

    /// Checks that the folders of `sources` can be read.
    ///
    /// - Returns: A sentence for each thing in them that is left out.
    /// - Throws: ``StaticFilesError`` that names the folder that cannot.
    @discardableResult
    package static func check(_ sources: [StaticSource]) throws(StaticFilesError) -> [String] {
        var warnings: [String] = []
        for source in sources { warnings += try source.listing().leftOut.map(\.description) }
        return warnings
    }
}
