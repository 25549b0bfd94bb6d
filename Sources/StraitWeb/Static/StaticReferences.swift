internal import StraitCore

/// The references of a static file to other files: `url(…)` and `@import` in style sheets, and the source maps of
/// scripts and style sheets. Django's `HashedFilesMixin.patterns`.
///
/// A style sheet is read by CSS tokens, not by patterns, so text in comments and other strings is not taken for a
/// reference.
struct StaticReferences {
    /// A reference and its position.
    struct Place: Equatable {
        /// The bytes to replace, without quotes.
        let range: Range<Int>
        /// The reference, with its escapes resolved.
        let text: String
        /// Whether the file may be missing, because only a comment names it.
        let isOptional: Bool
    }

    /// The references in the order of the file.
    let places: [Place]

    /// Finds the references.
    ///
    /// - Parameters:
    ///   - bytes: The contents of the file.
    ///   - name: The name of the file. A file that is neither a style sheet nor a script has no references.
    init(in bytes: Bytes, of name: String) {
        switch Self.kind(of: name) {
        case .styleSheet:
            var scanner = StyleSheetScanner(bytes)
            places = scanner.references()
        case .script: places = Self.sourceMaps(in: bytes)
        case nil: places = []
        }
    }

    private enum Kind {
        case styleSheet, script
    }

    private static func kind(of name: String) -> Kind? {
        guard let dot = name.utf8.lastIndex(of: 0x2E) else { return nil }
        return switch String(name[dot...]).lowercased() {
        case ".css": .styleSheet
        case ".js", ".mjs": .script
        default: nil
        }
    }

    /// Returns the source maps in the lines `//# sourceMappingURL=…` of a script.
    private static func sourceMaps(in bytes: Bytes) -> [Place] {
        let mark = Array("//# sourceMappingURL=".utf8)
        var places: [Place] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if bytes[start..<end].starts(with: mark),
                let place = sourceMap(in: bytes, start + mark.count..<end)
            {
                places.append(place)
            }
            start = end + 1
        }
        return places
    }

    /// Returns the name of the source map in `range`, without quotes and white space around it; nil if there is none.
    static func sourceMap(in bytes: Bytes, _ range: Range<Int>) -> Place? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while start < end, isSpace(bytes[end - 1]) { end -= 1 }
        if end - start >= 2, bytes[start] == bytes[end - 1], bytes[start] == 0x22 || bytes[start] == 0x27 {
            start += 1
            end -= 1
        }
        guard start < end, !bytes[start..<end].contains(where: isSpace),
            let text = String(utf8: bytes.slice(start..<end))
        else { return nil }
        return Place(range: start..<end, text: text, isOptional: true)
    }
}
