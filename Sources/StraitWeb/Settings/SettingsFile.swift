/// A settings file in the format that shells and containers use: `NAME=value`, one per line.
///
/// ```sh
/// # A # at the start of a line or after white space begins a comment.
/// DEBUG=true
/// SECRET_KEY='a long and # random text'
/// ALLOWED_HOSTS="example.com, .example.org"
/// CHANNEL_LAYERS={
///   "default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}
/// }
/// ```
///
/// In single quotes everything is literal. In double quotes `\n`, `\"` and `\\` have their usual meaning. A value in
/// quotes may span several lines. So may JSON that begins with `{` or `[`. A leading `export` is ignored.
struct SettingsFile {
    struct Line: Equatable {
        /// The number of the line with the name.
        let number: Int
        let name: String
        let value: String
    }

    let lines: [Line]

    /// Parses the contents of a settings file.
    ///
    /// - Throws: ``SettingsError`` with the number of the line that cannot be read.
    init(parsing text: String) throws(SettingsError) {
        var scanner = Scanner(text)
        var lines: [Line] = []
        while let line = try scanner.next() { lines.append(line) }
        self.lines = lines
    }

    /// A scanner for the lines of a file. It works on scalars, as shells do. As a `Character`, CR LF would be one unit,
    /// and so would a quote with a combining mark after it.
    private struct Scanner {
        private var rest: Substring.UnicodeScalarView
        /// The number of the line at the start of `rest`.
        private var number = 1

        init(_ text: String) {
            rest = text.unicodeScalars[...]
            if rest.first == "\u{FEFF}" { rest.removeFirst() }
        }

        /// Returns the next line with a name; nil at the end of the file.
        mutating func next() throws(SettingsError) -> Line? {
            while !rest.isEmpty {
                rest = rest.drop(while: isSpace)
                guard let first = rest.first, first != "\n", first != "#" else {
                    _ = takeLine()
                    continue
                }
                return try line()
            }
            return nil
        }

        /// Takes the rest of the line and its line feed.
        private mutating func takeLine() -> Substring.UnicodeScalarView {
            let end = rest.firstIndex(of: "\n") ?? rest.endIndex
            let line = rest[..<end]
            if end < rest.endIndex {
                rest = rest[rest.index(after: end)...]
                number += 1
            } else {
                rest = rest[end...]
            }
            return line
        }

        /// Takes a scalar and counts lines. CR LF is read as LF.
        private mutating func popScalar() -> Unicode.Scalar? {
            guard var scalar = rest.popFirst() else { return nil }
            if scalar == "\r", rest.first == "\n" { scalar = rest.removeFirst() }
            if scalar == "\n" { number += 1 }
            return scalar
        }

        private mutating func line() throws(SettingsError) -> Line {
            let start = number
            if rest.starts(with: "export ".unicodeScalars) {
                rest = rest.dropFirst("export ".count).drop(while: isSpace)
            }
            let name = rest.prefix { $0 != "=" && $0 != "\n" }
            guard rest[name.endIndex...].first == "=" else {
                throw SettingsError("line \(start): '\(String(trimmed(name)))' has no value. Write NAME=value.")
            }
            let text = String(trimmed(name))
            guard let first = text.unicodeScalars.first, text.unicodeScalars.allSatisfy(isNamePart),
                !("0"..."9").contains(first)
            else {
                throw SettingsError(
                    "line \(start): '\(text)' is not a name. Write NAME=value; a name has letters, digits and _.")
            }
            rest = rest[name.endIndex...].dropFirst().drop(while: isSpace)
            do throws(SettingsError) {
                return Line(number: start, name: text, value: String(try value()))
            } catch {
                throw error.at("line \(start): \(text)")
            }
        }

        private mutating func value() throws(SettingsError) -> String.UnicodeScalarView {
            switch rest.first {
            case "'", "\"": return try quoted()
            case "{", "[":
                if let json = try json() { return json }
            default: break
            }
            return String.UnicodeScalarView(uncommented(takeLine()))
        }

        /// Returns a line without the comment at its end.
        private func uncommented(_ line: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
            var end = line.startIndex
            var previous: Unicode.Scalar = " "
            while end < line.endIndex, !(line[end] == "#" && isSpace(previous)) {
                previous = line[end]
                end = line.index(after: end)
            }
            return trimmed(line[..<end])
        }

        /// Takes the quoted value at the start of `rest`, and the rest of its last line.
        private mutating func quoted() throws(SettingsError) -> String.UnicodeScalarView {
            let quote = rest.removeFirst()
            var value = String.UnicodeScalarView()
            while let scalar = popScalar() {
                if scalar == quote {
                    let comment = trimmed(takeLine())
                    guard comment.isEmpty || comment.first == "#" else {
                        throw SettingsError(
                            """
                            There is '\(String(comment))' after the closing quote. Remove it, or quote the whole value.
                            """)
                    }
                    return value
                }
                guard scalar == "\\", quote == "\"" else {
                    value.append(scalar)
                    continue
                }
                switch popScalar() {
                case "n": value.append("\n")
                case let other?: value.append(other)
                case nil: break
                }
            }
            throw SettingsError("The closing \(quote) is missing. Write it at the end of the value.")
        }

        /// Takes the JSON at the start of `rest`, up to its closing bracket. Returns nil if the line is not JSON, such
        /// as `[::1], example.com`.
        private mutating func json() throws(SettingsError) -> String.UnicodeScalarView? {
            let start = rest
            var closing: [Unicode.Scalar] = []
            var isInString = false
            var isEscaped = false
            var end = start.startIndex
            while end < start.endIndex {
                let scalar = start[end]
                end = start.index(after: end)
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if scalar == "\\" {
                        isEscaped = true
                    } else if scalar == "\"" {
                        isInString = false
                    }
                    continue
                }
                switch scalar {
                case "\"": isInString = true
                case "{": closing.append("}")
                case "[": closing.append("]")
                case "}", "]":
                    guard closing.popLast() == scalar else {
                        guard start[..<end].contains("\n") else { return nil }
                        throw SettingsError(
                            "The value has an unmatched \(scalar). Remove it, or quote the whole value.")
                    }
                    if !closing.isEmpty { continue }
                    rest = start[end...]
                    let lines = start[..<end].count { $0 == "\n" }
                    let behind = uncommented(rest[..<(rest.firstIndex(of: "\n") ?? rest.endIndex)])
                    guard behind.isEmpty else {
                        guard lines == 0 else {
                            throw SettingsError(
                                """
                                There is '\(String(behind))' after the closing \(scalar). Remove it, or quote the \
                                whole value.
                                """)
                        }
                        // A list of hosts, or an error that the setting itself reports.
                        rest = start
                        return nil
                    }
                    number += lines
                    _ = takeLine()
                    return String.UnicodeScalarView(start[..<end].filter { $0 != "\r" })
                default: continue
                }
            }
            throw SettingsError(
                """
                The value begins with \(start.first.map { String($0) } ?? "") and does not end. Close it with \
                \(closing.last.map { String($0) } ?? "\""), or write it in quotes.
                """)
        }
    }
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "_", "0"..."9", "A"..."Z", "a"..."z": true
    default: false
    }
}

/// Returns the text without white space at both ends.
private func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    let start = text.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start.prefix(0) }
    return start[...last]
}

/// An unusable setting. The description names it and says what to write instead.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting or its place, the problem, and the remedy.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Creates an error for the setting `name` with the value `text`.
    ///
    /// - Parameter problem: The problem with `text`, without the full stop. It follows the value in the sentence.
    init(_ name: String, _ text: String, _ problem: String) {
        // Secrets must not be written to the log.
        let shown = name.contains("KEY") || name == "DATABASE_URL" ? "its value" : "'\(text)'"
        description = "\(name): \(shown) \(problem)."
    }

    func at(_ place: String) -> SettingsError { SettingsError("\(place): \(description)") }
}
