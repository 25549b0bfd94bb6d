internal import StraitCore

/// A header's value and parameters, such as `form-data; name="a"; filename*=UTF-8''%e2%82%ac`; Django's
/// `parse_header_parameters` (RFC 9110 §5.6.6, RFC 8187, RFC 2231 §3).
package struct HeaderParameters: Sendable, Equatable {
    /// The text before the first `;`, in lower case.
    package let value: String
    /// The parameters, keyed by name in lower case.
    private var parameters: [String: String] = [:]

    /// The parameter called `name`, in lower case; nil if there is none.
    package subscript(name: String) -> String? { parameters[name] }

    /// Reads `text`. In a quoted string, `\"` and `\\` are a quote and a backslash. Any other backslash stays as it is,
    /// because old browsers send paths.
    ///
    /// - Throws: ``MultipartError`` if a parameter is repeated, a quote is not closed, or an extended parameter is not
    ///   in UTF-8, ISO 8859-1 or ASCII.
    package init(_ text: String) throws(MultipartError) {
        var pieces = Self.split(text)
        value = Self.trimmed(pieces.removeFirst()).lowercased()
        var sections: [String: [Int: (text: String, isCoded: Bool)]] = [:]
        var extended: [String: String] = [:]
        for piece in pieces {
            guard let equals = piece.utf8.firstIndex(of: 0x3D) else {
                if Self.trimmed(piece).isEmpty { continue }
                throw .disposition
            }
            let name = Self.trimmed(piece[..<equals]).lowercased()
            // Names are tokens (ASCII), so comparing and hashing them takes linear time.
            guard name.utf8.allSatisfy(\.isHTTPToken) else { throw .disposition }
            let content = try Self.unquoted(Self.trimmed(piece[piece.utf8.index(after: equals)...]))
            let parts = name.utf8.split(separator: 0x2A, omittingEmptySubsequences: false).map { Substring($0) }
            guard !parts[0].isEmpty else { throw .disposition }
            switch parts.count {
            case 1:
                guard parameters.updateValue(content, forKey: name) == nil else { throw .disposition }
            case 2 where parts[1].isEmpty:
                guard extended.updateValue(content, forKey: String(parts[0])) == nil else { throw .disposition }
            case 2...3:
                guard parts[1].utf8.allSatisfy(\.isASCIIDigit), let number = Int(parts[1]), number < 100,
                    parts.count == 2 || parts[2].isEmpty,
                    sections[String(parts[0]), default: [:]].updateValue((content, parts.count == 3), forKey: number)
                        == nil
                else { throw .disposition }
            default: throw .disposition
            }
        }
        for (name, numbered) in sections where extended[name] == nil {
            parameters[name] = try Self.joined(numbered)
        }
        // If both forms are present, the extended form counts (RFC 6266 §4.3).
        for (name, content) in extended { parameters[name] = try Self.decoded(content) }
    }

    /// The pieces between the `;` outside quotes; at least one.
    private static func split(_ text: String) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.unicodeScalars.indices {
            let scalar = text.unicodeScalars[index]
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            if scalar == ";", !isQuoted {
                pieces.append(text[start..<index])
                start = text.unicodeScalars.index(after: index)
            }
            isEscaped = isQuoted && scalar == "\\" && !isEscaped
        }
        return pieces + [text[start...]]
    }

    private static func unquoted(_ text: String) throws(MultipartError) -> String {
        let scalars = Array(text.unicodeScalars)
        guard scalars.first == "\"" else {
            guard !scalars.contains("\"") else { throw .disposition }
            return text
        }
        var result = String.UnicodeScalarView()
        var index = 1
        while index < scalars.count, scalars[index] != "\"" {
            if scalars[index] == "\\", index + 1 < scalars.count,
                scalars[index + 1] == "\"" || scalars[index + 1] == "\\"
            {
                index += 1
            }
            result.append(scalars[index])
            index += 1
        }
        guard index == scalars.count - 1 else { throw .disposition }
        return String(result)
    }

    /// The value of numbered sections. The first section names the character encoding (RFC 2231 §4.1).
    private static func joined(_ sections: [Int: (text: String, isCoded: Bool)]) throws(MultipartError) -> String {
        var charset = "utf-8"
        var bytes: [UInt8] = []
        for number in 0..<sections.count {
            guard let section = sections[number] else { throw .disposition }
            var text = section.text
            if section.isCoded, number == 0 { (charset, text) = try charsetAndText(text) }
            bytes += section.isCoded ? try percentDecoded(text) : Array(text.utf8)
        }
        return try self.text(bytes, charset)
    }

    /// The value of an extended parameter, such as `UTF-8'en'%e2%82%ac`.
    private static func decoded(_ content: String) throws(MultipartError) -> String {
        let (charset, text) = try charsetAndText(content)
        return try self.text(try percentDecoded(text), charset)
    }

    private static func charsetAndText(_ content: String) throws(MultipartError) -> (String, String) {
        let parts = content.utf8.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= 40 else { throw .parameterText }
        return (Substring(parts[0]).lowercased(), String(Substring(parts[2])))
    }

    private static func percentDecoded(_ text: String) throws(MultipartError) -> [UInt8] {
        guard let bytes = PercentEncoding.decodedBytes(text.utf8.span) else { throw .parameterText }
        return bytes
    }

    private static func text(_ bytes: [UInt8], _ charset: String) throws(MultipartError) -> String {
        switch charset {
        case "utf-8", "utf8", "us-ascii", "ascii", "":
            guard let text = String(utf8: Bytes(bytes)) else { throw .parameterText }
            return text
        case "iso-8859-1", "latin-1", "latin1":
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: throw .parameterText
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        guard let first = text.unicodeScalars.firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = text.unicodeScalars.lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return "" }
        return String(text.unicodeScalars[first...last])
    }
}
