internal import FoundationEssentials
internal import Glibc
internal import StraitNetwork

extension StaticFiles {
    /// What ``collect(_:into:baseURL:)`` did.
    package struct Collected: Sendable, Equatable {
        /// How many files there are.
        package var files = 0
        /// How many of them are there compressed, too.
        package var compressed = 0
        /// How many were not there before.
        package var written = 0
    }

    /// Copies the files of `sources` to the folder `root`, under their own names and those with a hash, compressed beside
    /// them where that is worth it, and the manifest last: who reads it finds all that it names.
    ///
    /// - Throws: ``StaticFilesError`` for what cannot be read or written, or refers to what there is not.
    package static func collect(
        _ sources: [StaticSource], into root: String, baseURL: String
    ) throws -> Collected {
        let collection = try StaticCollection(sources, baseURLs: [baseURL])
        var done = Collected()
        for file in collection.files.values.sorted(by: { $0.name < $1.name }) {
            done.files += 1
            var isNew = false
            for name in [file.name, file.hashedName] {
                if try write(file.contents, to: root, name) { isNew = true }
                if let compressed = file.compressed { _ = try write(compressed, to: root, name + ".gz") }
            }
            if file.compressed != nil { done.compressed += 1 }
            if isNew { done.written += 1 }
        }
        _ = try write(Bytes(collection.manifest.text()), to: root, StaticManifest.fileName)
        return done
    }

    /// Whether `bytes` were written: they are not where they are there already. A file is there as a whole or not at all.
    private static func write(_ bytes: Bytes, to root: String, _ name: String) throws -> Bool {
        let path = root + "/" + name
        let data = Data(Array(bytes))
        if FileManager.default.contents(atPath: path) == data { return false }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? root
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let cause = (error as? CocoaError)?.underlying as? POSIXError
            throw StaticFilesError.unwritable(
                path, cause.map { TransportError.text(of: $0.code.rawValue) } ?? "\(error)")
        }
        return true
    }

    /// Sees to it that the folders of `sources` can be read.
    ///
    /// - Throws: ``StaticFilesError`` that names the one that cannot.
    package static func check(_ sources: [StaticSource]) throws(StaticFilesError) {
        for source in sources { _ = try source.names() }
    }
}
