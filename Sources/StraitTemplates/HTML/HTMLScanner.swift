internal import StraitCore
internal import StraitText

/// A scanner for tags and text in HTML, including malformed HTML.
///
/// It follows the rules of Python's `html.parser`, because `striptags` and `truncatewords_html` depend on every detail
/// of them.
struct HTMLScanner {
    /// A piece of the HTML.
    enum Event {
        /// A start tag: its lowercase name and its source text.
        case start(name: String, text: String, isClosed: Bool)
        case end(name: String)
        case text(String)
        /// A character reference such as `&name;`, if references are not decoded.
        case entity(String)
    }

    private let scalars: [Unicode.Scalar]
    private let convertsCharacters: Bool
    private var index = 0
    /// The element whose contents are not HTML, `script` or `style`, or nil outside of one.
    private var rawElement: String?
    private var events: [Event] = []

    /// Returns the events of all of `text`.
    static func events(_ text: String) -> [Event] {
        var scanner = HTMLScanner(scalars: Array(text.unicodeScalars), convertsCharacters: false)
        scanner.scan(isEnd: false)
        scanner.scan(isEnd: true)
        return scanner.events
    }

    /// Returns the events of the complete part of `text`, with character references decoded. An incomplete end is
    /// omitted.
    static func wholeEvents(_ text: String) -> [Event] {
        var scanner = HTMLScanner(scalars: Array(text.unicodeScalars), convertsCharacters: true)
        scanner.scan(isEnd: false)
        return scanner.events
    }

    private init(scalars: [Unicode.Scalar], convertsCharacters: Bool) {
        self.scalars = scalars
        self.convertsCharacters = convertsCharacters
    }

    private var count: Int { scalars.count }

    private func at(_ index: Int) -> Unicode.Scalar? { index >= 0 && index < count ? scalars[index] : nil }

    private func find(_ scalar: Unicode.Scalar, from start: Int) -> Int? {
        start < count ? scalars[start...].firstIndex(of: scalar) : nil
    }

    private func has(_ text: String, at start: Int) -> Bool {
        let part = Array(text.unicodeScalars)
        return start + part.count <= count && scalars[start..<start + part.count].elementsEqual(part)
    }

    private func slice(_ range: Range<Int>) -> String { PythonText.string(scalars[range]) }

    private mutating func addText(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let text = slice(range)
        events.append(.text(convertsCharacters && rawElement == nil ? HTMLCharacters.unescaped(text) : text))
    }

    private mutating func scan(isEnd: Bool) {
        while index < count {
            guard let next = nextMark() else { break }
            addText(index..<next)
            index = next
            guard index < count else { break }
            if scalars[index] == "<" {
                guard scanTag(isEnd: isEnd) else { break }
            } else if !scanReference(isEnd: isEnd) {
                break
            }
        }
        if isEnd, index < count, rawElement == nil {
            addText(index..<count)
            index = count
        }
    }

    /// Returns the end of the text at the current position, or nil if it is incomplete.
    private func nextMark() -> Int? {
        if let rawElement { return rawEnd(rawElement) }
        guard convertsCharacters else {
            return scalars[index...].firstIndex { $0 == "<" || $0 == "&" } ?? count
        }
        if let mark = find("<", from: index) { return mark }
        // A reference at the end may be incomplete.
        if let mark = scalars[max(index, count - 34)...].lastIndex(of: "&"),
            !scalars[mark...].contains(where: { $0 == ";" || PythonText.isSpace($0) })
        {
            return nil
        }
        return count
    }

    private func rawEnd(_ name: String) -> Int? {
        let lower = Array(name.unicodeScalars)
        var start = index
        while let mark = find("<", from: start) {
            start = mark + 1
            guard at(start) == "/" else { continue }
            var place = skipSpace(from: start + 1)
            guard place + lower.count <= count,
                zip(scalars[place..<place + lower.count], lower).allSatisfy({
                    $0 == $1 || $0.properties.lowercaseMapping == String($1)
                })
            else { continue }
            place = skipSpace(from: place + lower.count)
            if at(place) == ">" { return mark }
        }
        return nil
    }

    private func skipSpace(from start: Int) -> Int {
        var place = start
        while let scalar = at(place), PythonText.isSpace(scalar) { place += 1 }
        return place
    }

    private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// Scans a tag. Returns false if the scan must stop.
    private mutating func scanTag(isEnd: Bool) -> Bool {
        let start = index
        var end: Int?
        if Self.isLetter(at(start + 1)) {
            end = startTag(from: start)
        } else if at(start + 1) == "/" {
            end = endTag(from: start)
        } else if has("<!--", at: start) {
            end = close("--", from: start + 4)
        } else if at(start + 1) == "?" {
            end = find(">", from: start + 2).map { $0 + 1 }
        } else if at(start + 1) == "!" {
            end = has("<![", at: start) ? close("]", from: start + 3) : find(">", from: start + 2).map { $0 + 1 }
        } else if start + 1 < count {
            events.append(.text("<"))
            end = start + 1
        } else {
            if isEnd { return true && finishOpen(start) }
            return false
        }
        guard let end else { return isEnd ? finishOpen(start) : false }
        index = end
        return true
    }

    /// Treats an unclosed tag at the end of the input as text, up to the next `>` or `<`.
    private mutating func finishOpen(_ start: Int) -> Bool {
        guard start + 1 < count else { return false }
        let end = find(">", from: start + 1).map { $0 + 1 } ?? find("<", from: start + 1) ?? start + 1
        addText(start..<end)
        index = end
        return true
    }

    /// Returns the end of `mark`, optional white space and `>`.
    private func close(_ mark: String, from start: Int) -> Int? {
        let length = mark.unicodeScalars.count
        var place = start
        while place + length <= count {
            if has(mark, at: place) {
                let end = skipSpace(from: place + length)
                if at(end) == ">" { return end + 1 }
            }
            place += 1
        }
        return nil
    }

    private func nameEnd(from start: Int) -> Int {
        var place = start
        while let scalar = at(place), !["\t", "\n", "\r", "\u{0C}", " ", "/", ">", "\0"].contains(scalar) { place += 1 }
        return place
    }

    /// Returns the end of a match of `(?:\s|/(?!>))*`.
    private func gapEnd(from start: Int) -> Int {
        var place = start
        while let scalar = at(place), PythonText.isSpace(scalar) || (scalar == "/" && at(place + 1) != ">") {
            place += 1
        }
        return place
    }

    /// Returns the end of the attribute at `start` and of the gap after it, or nil if there is no attribute.
    private func attributeEnd(from start: Int, takesSpace: Bool) -> Int? {
        guard let before = at(start - 1),
            before == "'" || before == "\"" || before == "/" || PythonText.isSpace(before),
            let first = at(start), first != "/", first != ">", !PythonText.isSpace(first)
        else { return nil }
        var place = start + 1
        while let scalar = at(place), scalar != "/", scalar != "=", scalar != ">", !PythonText.isSpace(scalar) {
            place += 1
        }
        let sign = skipSpace(from: place)
        if at(sign) == "=", let end = valueEnd(from: sign) {
            place = takesSpace ? skipSpace(from: end) : end
        }
        return gapEnd(from: place)
    }

    private func valueEnd(from sign: Int) -> Int? {
        var place = sign
        while at(place) == "=" { place += 1 }
        let behindSigns = place
        place = skipSpace(from: place)
        if let quote = at(place), quote == "'" || quote == "\"" {
            if let end = find(quote, from: place + 1) { return end + 1 }
            if place > behindSigns { return place - 1 }
            guard behindSigns - sign > 1 else { return nil }
            place = behindSigns - 1
        }
        while let scalar = at(place), scalar != ">", !PythonText.isSpace(scalar) { place += 1 }
        return place
    }

    /// Returns the end of a start tag, or nil if the tag is incomplete.
    private mutating func startTag(from start: Int) -> Int? {
        let name = nameEnd(from: start + 1)
        var place = name
        while let scalar = at(place), PythonText.isSpace(scalar) || scalar == "/" { place += 1 }
        while let end = attributeEnd(from: place, takesSpace: true) { place = end }
        place = skipSpace(from: place)
        let end: Int
        switch at(place) {
        case ">": end = place + 1
        case "/" where at(place + 1) == ">": end = place + 2
        case nil, "/", "=": return nil
        case let scalar where Self.isLetter(scalar): return nil
        default: end = place
        }
        var rest = gapEnd(from: name)
        while rest < end, let next = attributeEnd(from: rest, takesSpace: false) { rest = next }
        let closing = PythonText.stripped(rest < end ? slice(rest..<end) : "")
        guard closing == ">" || closing == "/>" else {
            addText(start..<end)
            return end
        }
        let tag = slice(start + 1..<name).lowercased()
        events.append(.start(name: tag, text: slice(start..<end), isClosed: closing == "/>"))
        if closing == ">", ["script", "style"].contains(where: { $0.hasSameBytes(as: tag) }) { rawElement = tag }
        return end
    }

    private mutating func endTag(from start: Int) -> Int? {
        guard let close = find(">", from: start + 1) else { return nil }
        let name = skipSpace(from: start + 2)
        var place = name
        if Self.isLetter(at(place)) {
            while let scalar = at(place),
                Self.isLetter(scalar) || ("0"..."9").contains(scalar) || ["-", ".", ":", "_"].contains(scalar)
            { place += 1 }
        }
        if place > name, at(skipSpace(from: place)) == ">" {
            let tag = slice(name..<place).lowercased()
            if let rawElement, !rawElement.hasSameBytes(as: tag) {
                addText(start..<close + 1)
                return close + 1
            }
            events.append(.end(name: tag))
            rawElement = nil
            return close + 1
        }
        if rawElement != nil {
            addText(start..<close + 1)
            return close + 1
        }
        guard Self.isLetter(at(start + 2)) else { return close + 1 }
        let end = nameEnd(from: start + 2)
        events.append(.end(name: slice(start + 2..<end).lowercased()))
        return find(">", from: gapEnd(from: end)).map { $0 + 1 }
    }

    /// Scans a character reference. Returns false if the scan must stop.
    private mutating func scanReference(isEnd: Bool) -> Bool {
        let start = index
        var place = start + 1
        let isNumber = at(place) == "#"
        if isNumber {
            place += 1
            let isHexadecimal = at(place) == "x" || at(place) == "X"
            if isHexadecimal { place += 1 }
            let digits = place
            while let scalar = at(place), scalar.isASCII, let digit = Character(scalar).hexDigitValue,
                isHexadecimal || digit < 10
            { place += 1 }
            // Python's regular expression needs one more character, which must not be a hexadecimal digit.
            guard place > digits, let next = at(place), !(next.isASCII && Character(next).isHexDigit && isHexadecimal)
            else {
                if scalars[start...].contains(";") {
                    events.append(.text("&#"))
                    index = start + 2
                }
                return false
            }
        } else {
            guard Self.isLetter(at(place)) else {
                guard start + 1 < count else { return false }
                events.append(.text("&"))
                index = start + 1
                return true
            }
            while let scalar = at(place),
                Self.isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "."
            { place += 1 }
            if place == count {
                // At the end of the input, Python's regular expression backtracks: a trailing `-` or `.` ends the name.
                while place > start + 2, at(place - 1) == "-" || at(place - 1) == "." { place -= 1 }
                guard place < count, let next = at(place), !Self.isLetter(next) else { return false }
            }
        }
        events.append(.entity(slice(start + 1..<place)))
        index = at(place) == ";" ? place + 1 : place
        return true
    }
}
