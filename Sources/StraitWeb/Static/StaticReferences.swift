/// Where a static file refers to others: style sheets by `url(…)` and `@import`, scripts and style sheets by the comment
/// that names their source map.
struct StaticReferences {
    /// The places in the text, in order, and what stands there.
    private(set) var places: [(range: Range<String.Index>, reference: String)] = []

    /// - Parameters:
    ///   - text: What is in the file.
    ///   - name: Its name, whose end tells what it is.
    init(in text: String, of name: String) {
        if name.hasSuffix(".css") {
            find(#/url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]+))\s*\)/#, in: text)
            find(#/@import\s+(?:"([^"]*)"|'([^']*)'|([^\s\S]))/#, in: text)
            find(#/\/\*# sourceMappingURL=(?:"([^"]*)"|'([^']*)'|([^\s*]+))\s*\*\//#, in: text)
        } else if name.hasSuffix(".js") || name.hasSuffix(".mjs") {
            find(#/(?m)^\/\/# sourceMappingURL=(?:"([^"]*)"|'([^']*)'|(\S+))$/#, in: text)
        }
        places.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func find(_ regex: Regex<(Substring, Substring?, Substring?, Substring?)>, in text: String) {
        for match in text.matches(of: regex) {
            guard let found = match.output.1 ?? match.output.2 ?? match.output.3 else { continue }
            places.append((found.startIndex..<found.endIndex, String(found)))
        }
    }
}
