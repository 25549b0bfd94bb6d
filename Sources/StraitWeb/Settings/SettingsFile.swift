/// A file with settings, as shells and containers read it too: a line each, `NAME=value`.
///
/// ```sh
/// # What is behind a # of its own is for people.
/// DEBUG=true
/// SECRET_KEY='a long and # random text'
/// ALLOWED_HOSTS="example.com, .example.org"
/// ```
///
/// Within single quotes all is as it stands; within double quotes `\n`, `\"` and `\\` mean what they usually mean. A
/// leading `export` is passed over.
struct SettingsFile {
    struct Line: Equatable {
        let number: Int
        let name: String
        let value: String
    }

    let lines: [Line]

    /// - Throws: ``SettingsError`` with the number of a line that is none.
    init(parsing text: String) throws(SettingsError) {
        var lines: [Line] = []
        // By scalars, as shells read it: CR LF is one character, and so is a quote with a mark behind it.
        let raws = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, raw) in raws.enumerated() {
            var line = Self.trimmed(raw)
            if index == 0, line.first == "\u{FEFF}" { line.removeFirst() }
            if line.isEmpty || line.first == "#" { continue }
            if line.starts(with: "export ".unicodeScalars) {
                line = line.dropFirst("export ".count).drop(while: Self.isSpace)
            }
            guard let equals = line.firstIndex(of: "=") else {
                throw SettingsError("line \(index + 1): '\(String(line))' has no value. Write NAME=value.")
            }
            let name = String(Self.trimmed(line[..<equals]))
            guard let first = name.unicodeScalars.first, name.unicodeScalars.allSatisfy(Self.isNamePart),
                !("0"..."9").contains(first)
            else {
                throw SettingsError(
                    "line \(index + 1): '\(name)' is no name. Write NAME=value, the name of letters, digits and _.")
            }
            let rest = line[line.index(after: equals)...].drop(while: Self.isSpace)
            do throws(SettingsError) {
                lines.append(Line(number: index + 1, name: name, value: String(try Self.value(of: rest))))
            } catch {
                throw error.at("line \(index + 1): \(name)")
            }
        }
        self.lines = lines
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "_", "0"..."9", "A"..."Z", "a"..."z": true
        default: false
        }
    }

    /// Without space at both ends.
    private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        let start = text.drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start.prefix(0) }
        return start[...last]
    }

    private static func value(
        of text: Substring.UnicodeScalarView
    ) throws(SettingsError) -> String.UnicodeScalarView {
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            // A # that begins a word begins a comment.
            var end = text.startIndex
            var previous: Unicode.Scalar = " "
            while end < text.endIndex, !(text[end] == "#" && isSpace(previous)) {
                previous = text[end]
                end = text.index(after: end)
            }
            return String.UnicodeScalarView(trimmed(text[..<end]))
        }
        var value = String.UnicodeScalarView()
        var rest = text.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == quote {
                let comment = rest.drop(while: isSpace)
                guard comment.isEmpty || comment.first == "#" else {
                    throw SettingsError(
                        "There is '\(String(comment))' behind the closing quote. Take it away, or quote all.")
                }
                return value
            }
            guard scalar == "\\", quote == "\"" else {
                value.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case let other?: value.append(other)
            case nil: break
            }
        }
        throw SettingsError("The closing \(quote) is missing. Write it at the end of the line.")
    }
}
