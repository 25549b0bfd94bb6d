internal import StraitText

/// The splitting of a tag's contents at white space outside quotes (Django's `smart_split`).
enum TokenSplitter {
    static func split(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var result: [String] = []
        var index = 0
        while index < scalars.count {
            if PythonText.isSpace(scalars[index]) {
                index += 1
                continue
            }
            let end = quotedEnd(scalars, from: index) ?? wordEnd(scalars, from: index)
            result.append(PythonText.string(scalars[index..<end]))
            index = end
        }
        return result
    }

    /// Returns the end of a word that contains a quoted string, or nil if the word contains none.
    private static func quotedEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = plainEnd(scalars, from: start)
        var end: Int?
        while index < scalars.count, let close = stringEnd(scalars, from: index) {
            index = plainEnd(scalars, from: close)
            end = index
        }
        return end
    }

    /// Returns the end of the quoted string at `start`, or nil if there is none or it is not closed.
    static func stringEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start < scalars.count, scalars[start] == "\"" || scalars[start] == "'" else { return nil }
        var index = start + 1
        while index < scalars.count {
            if scalars[index] == scalars[start] { return index + 1 }
            index += scalars[index] == "\\" ? 2 : 1
        }
        return nil
    }

    private static func plainEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        while index < scalars.count, scalars[index] != "\"", scalars[index] != "'", !PythonText.isSpace(scalars[index])
        {
            index += 1
        }
        return index
    }

    private static func wordEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        while index < scalars.count, !PythonText.isSpace(scalars[index]) { index += 1 }
        return index
    }
}
