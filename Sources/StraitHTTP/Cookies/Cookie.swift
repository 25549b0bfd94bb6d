internal import StraitNetwork

/// Reading the `Cookie` field of a request, as Django's `parse_cookie` does.
public enum Cookie {
    /// The cookies of a field's value. Browsers send more than RFC 6265 §4.2.1 allows, so nothing is an error: a piece
    /// without `=` is a value whose name is empty, and the last of several equal names wins.
    public static func parse(_ header: String) -> [String: String] {
        var cookies: [String: String] = [:]
        // By scalars: as characters, U+037E in a value equals the semicolon, and an "=" with a mark behind it is none.
        for chunk in header.unicodeScalars.split(separator: ";") {
            let equals = chunk.firstIndex(of: "=")
            let name = equals.map { stripped(chunk[..<$0]) } ?? ""
            let value = stripped(equals.map { chunk[chunk.index(after: $0)...] } ?? chunk)
            if !name.isEmpty || !value.isEmpty { cookies[name] = unquoted(value) }
        }
        return cookies
    }

    /// Undoes the quoting of Python's `http.cookies`: `"a\054b"` is `a,b`. Text without both quotes stays as it is.
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
        // Without their backslashes, combining marks may form a run that the check of the header did not see.
        let plain = String(result)
        return StreamSafeText.isStreamSafe(plain.utf8.span) ? plain : text
    }

    /// The byte behind three octal digits, the first of which is at most 3.
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
