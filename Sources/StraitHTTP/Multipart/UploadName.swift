internal import StraitCore

/// Sanitizing of uploaded files' names; Django's `sanitize_file_name`.
enum UploadName {
    /// Returns the last component of the path `text`, with either kind of slash; nil if only `.`, `..` or nothing
    /// remains.
    ///
    /// HTML character references are decoded first, because a page that decodes `&#x2F;` could turn the name into a
    /// path.
    ///
    /// - Throws: ``MultipartError`` for a control character. Django removes it instead.
    static func sanitized(_ text: String) throws(MultipartError) -> String? {
        let decoded = unescaped(text)
        guard !decoded.unicodeScalars.contains(where: isControl) else { throw .control }
        let name = decoded.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last
        let kept = String(String.UnicodeScalarView((name ?? Substring.UnicodeScalarView()).filter { !isInvisible($0) }))
        guard kept.isStreamSafe else { throw .combiningMarks }
        return ["", ".", ".."].contains(kept) ? nil : shortened(kept)
    }

    /// The maximum length of a name, in Unicode scalars. Django has the same limit, because of file systems.
    private static let longest = 255

    /// Shortens a name that is too long, and keeps its extension: `aaa….txt`.
    private static func shortened(_ name: String) -> String {
        let scalars = Array(name.unicodeScalars)
        guard scalars.count > longest else { return name }
        let start = scalars.firstIndex { $0 != "." } ?? scalars.count
        let dot = scalars.lastIndex(of: ".").flatMap { $0 > start ? $0 : nil } ?? scalars.count
        let ending = scalars[dot...].prefix(longest)
        var view = String.UnicodeScalarView(scalars[..<dot].prefix(longest - ending.count))
        view.append(contentsOf: ending)
        return String(view)
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// Whether Python's `isprintable` rejects the scalar. This includes marks that reverse the direction of text, so
    /// that `gpj.exe` looks like `exe.jpg`.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .control: true
        case .spaceSeparator: scalar != " "
        default: false
        }
    }

    /// The named references for characters that matter in HTML or in a path. Other references stay as they are.
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "sol": "/", "bsol": "\\", "period": ".",
        "colon": ":", "nbsp": "\u{A0}", "Tab": "\t", "NewLine": "\n",
    ]

    /// Decodes HTML character references. Searches scalars, because `&` and a combining mark after it form one
    /// character.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"),
                let scalar = scalar(Substring(rest[rest.index(after: start)..<end]))
            else {
                result.append("&")
                rest = rest.dropFirst()
                continue
            }
            result.append(scalar)
            rest = rest[rest.index(after: end)...]
        }
        return String(result + rest)
    }

    private static func scalar(_ reference: Substring) -> Unicode.Scalar? {
        guard reference.utf8.first == 0x23 else { return named[String(reference)] }
        let digits = reference.utf8.dropFirst()
        let isHexadecimal = digits.first == 0x78 || digits.first == 0x58
        let number = isHexadecimal ? digits.dropFirst() : digits
        // Checks for digits only, because the initializer would also accept a sign.
        guard number.allSatisfy({ isHexadecimal ? $0.hexadecimalValue != nil : $0.isASCIIDigit }) else { return nil }
        return UInt32(Substring(number), radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
    }
}
