internal import StraitCore
internal import StraitText

private import Foundation

extension TemplateLibrary {
    /// Adds the filters that change individual characters.
    mutating func addTextFilters() {
        addText("addslashes", isSafe: true) { (input, _, _) in
            .string(
                PythonText.replace(
                    PythonText.replace(PythonText.replace(input.text, "\\", with: "\\\\"), "\"", with: "\\\""), "'",
                    with: "\\'"))
        }
        addText("capfirst", isSafe: true) { (input, _, _) in
            let scalars = input.text.unicodeScalars
            return .string((scalars.first?.properties.uppercaseMapping ?? "") + String(scalars.dropFirst()))
        }
        addText("lower", isSafe: true) { (input, _, _) in .string(PythonText.lowercased(input.text)) }
        addText("upper") { (input, _, _) in .string(input.text.uppercased()) }
        addText("title", isSafe: true) { (input, _, _) in .string(Self.title(input.text)) }
        addText("slugify", isSafe: true) { (input, _, _) in .string(Self.slug(input.text)) }
        addText("cut", .required) { (input, argument, _) throws(TemplateError) in
            guard let part = argument.string else {
                throw .badValue("'cut' got \(argument.representation). Pass the string to remove.")
            }
            let result = PythonText.replace(input.text, part, with: "")
            return input.isSafe && !part.hasSameBytes(as: ";") ? .safe(SafeString(result)) : .string(result)
        }
        addText("urlencode", .optional) { (input, argument, _) in
            .string(URLText.quoted(input.text, safe: argument.string ?? "/"))
        }
        addText("iriencode", isSafe: true) { (input, _, _) in .string(URLText.iri(input.text)) }
        add("phone2numeric", isSafe: true) { (value, _, _) throws(TemplateError) in
            guard let text = value.string else {
                throw .badValue("'phone2numeric' got \(value.representation). Give it a string.")
            }
            return .string(
                PythonText.string(
                    PythonText.lowercased(text).unicodeScalars.map { scalar in
                        ("a"..."z").contains(scalar) ? Self.keys[Int(scalar.value - 0x61)] : scalar
                    }))
        }
        addText("escapejs") { (input, _, _) in .safe(SafeString(ScriptText.escaped(input.text))) }
        add("json_script", .optional, isSafe: true) { (value, argument, _) in
            let text = ScriptText.json(value)
            let id = argument.flatMap { $0.isTrue ? " id=\"\($0.escapedText)\"" : nil } ?? ""
            return .safe(SafeString("<script\(id) type=\"application/json\">\(text)</script>"))
        }
    }

    /// The telephone keys for the letters a to z.
    private static let keys = Array("22233344455566677778889999".unicodeScalars)

    /// Returns Python's `title` with Django's corrections: no capital after an apostrophe or a digit.
    private static func title(_ text: String) -> String {
        var scalars = Array(PythonText.title(text).unicodeScalars)
        func isUpper(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
        func lower(_ index: Int) { scalars[index] = Unicode.Scalar(scalars[index].value + 32) ?? scalars[index] }
        for index in scalars.indices.dropFirst() where isUpper(scalars[index]) {
            let before = scalars[index - 1]
            if before == "'", index > 1, ("a"..."z").contains(scalars[index - 2]) { lower(index) }
        }
        for index in scalars.indices.dropFirst() where isUpper(scalars[index]) {
            if scalars[index - 1].properties.generalCategory == .decimalNumber { lower(index) }
        }
        return PythonText.string(scalars)
    }

    private static func slug(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in compatible(text).lowercased().unicodeScalars where scalar.isASCII {
            if scalar == "-" || PythonText.isSpace(scalar) {
                if result.last != "-" { result.append("-") }
            } else if PythonText.isWord(scalar) {
                result.append(scalar)
            }
        }
        let isMark = { (scalar: Unicode.Scalar) in scalar == "-" || scalar == "_" }
        guard let first = result.firstIndex(where: { !isMark($0) }), let last = result.lastIndex(where: { !isMark($0) })
        else { return "" }
        return String(result[first...last])
    }

    /// Returns the compatibility decomposition of each scalar separately. The caller keeps only ASCII, so the order of
    /// combining marks does not matter.
    private static func compatible(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                result.unicodeScalars.append(scalar)
            } else if scalar.properties.canonicalCombiningClass == .notReordered {
                result += String(scalar).decomposedStringWithCompatibilityMapping
            }
        }
        return result
    }
}

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
