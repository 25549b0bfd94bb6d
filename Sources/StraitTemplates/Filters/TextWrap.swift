/// Python's `textwrap` with Django's settings: words are not split, and existing line breaks remain.
enum TextWrap {
    static func wrapped(_ text: String, _ width: Int) -> String {
        var result: [String] = []
        for line in PythonText.lines(text) {
            let lines = wrappedLine(line, width)
            result += lines.isEmpty ? [line] : lines
        }
        if text.utf8.last == 0x0A { result.append("") }
        return result.joined(separator: "\n")
    }

    private static func wrappedLine(_ line: String, _ width: Int) -> [String] {
        var chunks = chunks(PythonText.expandedTabs(line))[...]
        var lines: [String] = []
        while !chunks.isEmpty {
            if !lines.isEmpty, chunks.first.map(isSpace) == true { chunks.removeFirst() }
            var current: [String] = []
            var length = 0
            while let chunk = chunks.first, length + chunk.unicodeScalars.count <= width {
                current.append(chunk)
                length += chunk.unicodeScalars.count
                chunks.removeFirst()
            }
            // A word that is too long gets its own line.
            if current.isEmpty, let chunk = chunks.popFirst() { current.append(chunk) }
            if let last = current.last, isSpace(last) { current.removeLast() }
            if !current.isEmpty { lines.append(current.joined()) }
        }
        return lines
    }

    private static func isSpace(_ chunk: String) -> Bool { PythonText.stripped(chunk).isEmpty }

    private static func chunks(_ text: String) -> [String] {
        var result: [String] = []
        var chunk = String.UnicodeScalarView()
        var wasSpace: Bool?
        for scalar in text.unicodeScalars {
            let isSpace = ["\t", "\n", "\u{0B}", "\u{0C}", "\r", " "].contains(scalar)
            if let wasSpace, wasSpace != isSpace {
                result.append(String(chunk))
                chunk = String.UnicodeScalarView()
            }
            chunk.append(scalar)
            wasSpace = isSpace
        }
        if !chunk.isEmpty { result.append(String(chunk)) }
        return result
    }
}
