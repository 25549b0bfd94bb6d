internal import StraitNetwork

/// A parser for a request's `Cookie` header; Django's `parse_cookie`.
public enum Cookie {
    /// Reads the cookies of a header's value. Never fails, because browsers send more than RFC 6265 §4.2.1 allows.
    ///
    /// A piece without `=` is a value with an empty name. If a name is repeated, its last value counts.
    public static func parse(_ header: String) -> [String: String] {
        var cookies: [String: String] = [:]
        // Splits scalars, not characters: as characters, U+037E equals a semicolon, and `=` with a combining mark is
        // not `=`.
        for chunk in header.unicodeScalars.split(separator: ";") {
            let equals = chunk.firstIndex(of: "=")
            let name = equals.map { stripped(chunk[..<$0]) } ?? ""
            let value = stripped(equals.map { chunk[chunk.index(after: $0)...] } ?? chunk)
            if !name.isEmpty || !value.isEmpty { cookies[name] = unquoted(value) }
        }
        return cookies
    }

    /// Undoes the quoting of Python's `http.cookies`: `"a\054b"` becomes `a,b`. Text that is not in quotes stays as it
    /// is.
    package static func unquoted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return text }
        var result = String.UnicodeScalarView()
        var index = 1
        let end = scalars.count - 1
        while index < end {
            guard scalars[index] == "\\", index + 1 < end else {
                result.append(scalars[index])
                index += 1
                continue
            }
            if index + 3 < end, let code = octal(scalars[index + 1...index + 3]) {
                result.append(Unicode.Scalar(code))
                index += 4
            } else {
                result.append(scalars[index + 1])
                index += 2
            }
        }
        // Removed backslashes may join combining marks to a longer run than the check of the header saw.
        let plain = String(result)
        return StreamSafeText.isStreamSafe(plain.utf8.span) ? plain : text
    }

    /// The byte for three octal digits; nil if a digit is not octal or the value exceeds 255.
    private static func octal(_ digits: ArraySlice<Unicode.Scalar>) -> UInt8? {
        var code: UInt32 = 0
        for digit in digits {
            guard digit >= "0", digit <= "7" else { return nil }
            code = code * 8 + digit.value - 0x30
        }
        return UInt8(exactly: code)
    }

    private static func stripped(_ text: Substring.UnicodeScalarView) -> String {
        guard let first = text.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = text.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
