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
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = raw.trimming(Self.isSpace)[...]
            if index == 0, line.unicodeScalars.first == "\u{FEFF}" { line.unicodeScalars.removeFirst() }
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = line.dropFirst("export ".count).drop(while: Self.isSpace) }
            guard let equals = line.firstIndex(of: "=") else {
                throw SettingsError("line \(index + 1): '\(line)' has no value. Write NAME=value.")
            }
            let name = line[..<equals].trimming(Self.isSpace)
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNamePart), name.first?.isNumber == false else {
                throw SettingsError(
                    "line \(index + 1): '\(name)' is no name. Write NAME=value, the name of letters, digits and _.")
            }
            let rest = line[line.index(after: equals)...].drop(while: Self.isSpace)
            do throws(SettingsError) {
                lines.append(Line(number: index + 1, name: name, value: try Self.value(of: rest)))
            } catch {
                throw error.at("line \(index + 1): \(name)")
            }
        }
        self.lines = lines
    }

    private static func isSpace(_ character: Character) -> Bool {
        " \t\r\r\n".contains(character) || character == "\r\n"
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func value(of text: Substring) throws(SettingsError) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            // A # that begins a word begins a comment.
            var end = text.startIndex
            var previous: Character = " "
            while end < text.endIndex, !(text[end] == "#" && isSpace(previous)) {
                previous = text[end]
                end = text.index(after: end)
            }
            return text[..<end].trimming(isSpace)
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let comment = rest.drop(while: isSpace)
                guard comment.isEmpty || comment.hasPrefix("#") else {
                    throw SettingsError("There is '\(comment)' behind the closing quote. Take it away, or quote all.")
                }
                return value
            }
            guard character == "\\", quote == "\"" else {
                value.append(character)
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
