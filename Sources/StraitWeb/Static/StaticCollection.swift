internal import StraitCompression
internal import StraitCore
internal import StraitCrypto
internal import StraitHTTP

/// All static files of a site, under names that change with their contents, so that browsers can cache them forever.
/// Django's `ManifestStaticFilesStorage`.
struct StaticCollection: Sendable {
    struct File: Sendable {
        /// The name in its source.
        let name: String
        /// The hash of the contents, as ``StaticCollection/hash(_:)`` returns it.
        let hash: String
        let contents: Bytes
        /// The gzip-compressed contents; nil if compression saves too little.
        let compressed: Bytes?

        /// The name with the hash in it.
        var hashedName: String { StaticName.hashed(name, hash) }
    }

    private let mediaTypes: MediaTypes
    /// The files by name.
    private(set) var files: [String: File] = [:]
    /// The links and files of the sources that are left out.
    private(set) var leftOut: [StaticFolder.SkippedEntry] = []

    /// Reads and hashes all files.
    ///
    /// - Parameters:
    ///   - sources: The sources. If several have a file of the same name, the first one is used.
    ///   - baseURLs: The prefixes of absolute references to static files. The first one is the prefix that the files
    ///     are served under.
    ///   - mediaTypes: The types of the files, which decide what is worth compressing.
    /// - Throws: ``StaticFilesError`` if a file cannot be read, or refers to one that does not exist.
    init(
        _ sources: [StaticSource], baseURLs: [String], mediaTypes: MediaTypes = MediaTypes()
    ) throws(StaticFilesError) {
        self.mediaTypes = mediaTypes
        var originals: [String: Bytes] = [:]
        for source in sources {
            // The first source with a name wins, as with templates.
            let listing = try source.listing()
            leftOut += listing.leftOut
            for name in listing.names where originals[name] == nil {
                originals[name] = try source.contents(of: name)
            }
        }
        var underWay: Set<String> = []
        for name in originals.keys.sorted() { try add(name, originals, baseURLs, &underWay) }
    }

    /// Adds the file `name`, after the files that it refers to. Its hash covers their hashed names, so a changed
    /// picture changes the style sheet's name too.
    @discardableResult
    private mutating func add(
        _ name: String, _ originals: [String: Bytes], _ baseURLs: [String], _ underWay: inout Set<String>
    ) throws(StaticFilesError) -> String {
        if let file = files[name] { return file.hashedName }
        guard let original = originals[name] else { preconditionFailure("Only files that were read are added.") }
        // Files that refer to each other form a cycle. It is broken by hashing one of them without its references
        // replaced.
        guard underWay.insert(name).inserted else { return StaticName.hashed(name, Self.hash(original)) }
        defer { underWay.remove(name) }
        var result: [UInt8] = []
        var end = 0
        for place in StaticReferences(in: original, of: name).places {
            guard let target = StaticName.target(of: place.text, in: name, baseURLs: baseURLs) else { continue }
            guard originals[target.name] != nil else {
                if place.isOptional { continue }
                throw .missing(place.text, in: name)
            }
            let hashedName = try add(target.name, originals, baseURLs, &underWay)
            result += original.slice(end..<place.range.lowerBound)
            result += target.reference(to: hashedName).utf8
            end = place.range.upperBound
        }
        var contents = original
        if end > 0 {
            result += original.slice(end..<original.count)
            contents = Bytes(result)
        }
        let file = File(
            name: name, hash: Self.hash(contents), contents: contents, compressed: compressed(contents, name))
        files[name] = file
        return file.hashedName
    }

    /// Returns the first 12 hexadecimal digits of the SHA-256.
    static func hash(_ bytes: Bytes) -> String {
        SHA256.hash(bytes.span).prefix(6).hexadecimal
    }

    private func compressed(_ bytes: Bytes, _ name: String) -> Bytes? {
        guard bytes.count >= GZipMiddleware.least, GZipMiddleware.isText(mediaTypes.type(ofPath: name).rawValue),
            var encoder = try? GzipEncoder(level: 9)
        else { return nil }
        var output = ByteBuffer()
        encoder.compress(bytes.span, into: &output)
        encoder.finish(into: &output)
        return output.count < bytes.count * 9 / 10 ? output.freeze() : nil
    }

    /// The manifest with all hashed names, without compressed files.
    var manifest: StaticManifest { StaticManifest(paths: files.mapValues(\.hashedName)) }
}
