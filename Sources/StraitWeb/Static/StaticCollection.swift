internal import StraitCompression
internal import StraitCrypto
internal import StraitHTTP
internal import StraitNetwork

/// All static files of a site under names that change with what is in them, so that browsers may keep them for ever.
/// Django's `ManifestStaticFilesStorage`.
struct StaticCollection: Sendable {
    struct File: Sendable {
        /// The name that it was given.
        let name: String
        /// Of what is in it.
        let hash: String
        let contents: Bytes
        /// The same, compressed; nil where that is not worth it.
        let compressed: Bytes?

        /// The name with its hash.
        var hashedName: String { StaticName.hashed(name, hash) }
    }

    /// By the name that each was given.
    private(set) var files: [String: File] = [:]

    /// - Parameter baseURLs: What absolute references to static files begin with, where they are served first.
    /// - Throws: ``StaticFilesError`` where a file refers to one that there is not, or cannot be read.
    init(_ sources: [StaticSource], baseURLs: [String]) throws(StaticFilesError) {
        var originals: [String: Bytes] = [:]
        for source in sources {
            // The first that has a name wins, as with templates.
            for name in try source.names() where originals[name] == nil {
                originals[name] = try source.contents(of: name)
            }
        }
        var underWay: Set<String> = []
        for name in originals.keys.sorted() { try add(name, originals, baseURLs, &underWay) }
    }

    /// The file of that name, which is hashed with what it refers to: another picture gives another style sheet.
    @discardableResult
    private mutating func add(
        _ name: String, _ originals: [String: Bytes], _ baseURLs: [String], _ underWay: inout Set<String>
    ) throws(StaticFilesError) -> String {
        if let file = files[name] { return file.hashedName }
        let original = originals[name]!
        // Files that refer to each other: one of them is known by what it was.
        guard underWay.insert(name).inserted else { return StaticName.hashed(name, Self.hash(original)) }
        defer { underWay.remove(name) }
        var contents = original
        if ["css", "js", "mjs"].contains(name.split(separator: ".").last ?? ""),
            let text = String(utf8: original)
        {
            var result = ""
            var end = text.startIndex
            for (range, reference) in StaticReferences(in: text, of: name).places {
                guard let target = StaticName.target(of: reference, in: name, baseURLs: baseURLs) else { continue }
                guard originals[target.name] != nil else { throw .missing(reference, in: name) }
                let hashedName = try add(target.name, originals, baseURLs, &underWay)
                result += text[end..<range.lowerBound] + target.reference(to: hashedName)
                end = range.upperBound
            }
            if end > text.startIndex { contents = Bytes(result + text[end...]) }
        }
        let file = File(
            name: name, hash: Self.hash(contents), contents: contents,
            compressed: Self.compressed(contents, name))
        files[name] = file
        return file.hashedName
    }

    /// Twelve hexadecimal digits.
    static func hash(_ bytes: Bytes) -> String {
        SHA256.hash(bytes.span).prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func compressed(_ bytes: Bytes, _ name: String) -> Bytes? {
        guard bytes.count >= GZipMiddleware.least,
            GZipMiddleware.isText(MediaType(path: name).rawValue)
                || name.hasSuffix(".svg"), var encoder = try? GzipEncoder(level: 9)
        else { return nil }
        var output = ByteBuffer()
        encoder.compress(bytes.span, into: &output)
        encoder.finish(into: &output)
        return output.count < bytes.count * 9 / 10 ? output.freeze() : nil
    }

    /// What names stand for, as `staticfiles.json` has it.
    var manifest: StaticManifest { StaticManifest(paths: files.mapValues(\.hashedName)) }
}
