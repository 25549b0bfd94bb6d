import StraitCore
import StraitHTTP
import StraitTesting
import Testing

/// Checks that any input gives a value or a clear error, within the limits and however the input is split.
@Suite struct FuzzTests {
    /// Pieces of multipart bodies, valid and invalid.
    private static let multipart = [
        part("name=a"), part("name=f; filename=x"), "--b", "--b\r\n", "--b--", "\r\n--b\r\n", "\r\n", "\r", "\n", "--",
        "\r\n\r\n", "Content-Disposition: form-data; ", "content-disposition:", "name=a", "name=\"", "\"", "; ", "=",
        "*",
        "filename=f", "filename=\"", "filename*=UTF-8''%e2%82%ac", "filename*0=", "filename*1*=", "Content-Type: ",
        "multipart/mixed", "Content-Transfer-Encoding: ", "base64", "8bit", ": ", "&#x2F;", "&#47", "..", "/", "\\",
        "\u{0}", "é", "\u{202E}", "\u{600}&", " ", "\t", "xxxxxxxxxxxxxxxxxxxx", "%", "'",
    ]

    /// Pieces of header values and urlencoded forms, and text that resembles them.
    private static let fields = [
        "a", "b", "c1", "=", ";", "; ", "&", ",", "+", "%", "%3", "%3D", "%00", "%ff", "%é", "\"", "\\", "\\\"",
        "\\054",
        "\\400", " ", "\t", "é", "🌍", "\u{37E}", "\u{301}", "\u{600}", "$", ":", "bytes=", "0", "9", "-", "--", "99999",
        "18446744073709551616", "W/", "\"a\"", "\"\"", "*", "Sun, 06 Nov 1994 08:49:37 GMT", "Nov", "GMT", "[", "]",
        "::1",
    ]

    private static func soup(_ pieces: [String], most: Int, using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...most, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }
        return text
    }

    private static func bytes(most: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func changed(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
            }
        }
        return bytes
    }

    // MARK: Multipart

    @Test(arguments: Seeds(30))
    func `any multipart body gives parts or an error, within the limits and however it is split`(
        seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20 {
            var limits = MultipartLimits()
            limits.partHeader = Int.random(in: 20...200, using: &generator)
            limits.fields = Int.random(in: 0...4, using: &generator)
            limits.files = Int.random(in: 0...2, using: &generator)
            limits.fieldBytes = Int.random(in: 0...100, using: &generator)
            let body =
                round % 5 == 0
                ? Self.bytes(most: 300, using: &generator)
                : Self.changed(
                    Array(Self.soup(Self.multipart, most: 20, using: &generator).utf8), using: &generator)
            let whole = MultipartHearing(body, limits: limits)
            expectSound(whole, limits, "seed \(seed): \(body)")
            let cuts = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                Int.random(in: 0...body.count, using: &generator)
            }
            let cut = MultipartHearing(body, cuts: cuts.sorted(), limits: limits)
            expectSound(cut, limits, "seed \(seed): \(body)")
            #expect(cut.error == whole.error, "seed \(seed): \(body)")
            // If the body is invalid, the split decides how much of the last part is reported before the error.
            if whole.error == nil { #expect(cut == whole, "seed \(seed): \(body)") }
            let single = MultipartHearing(body, cuts: Array(0..<body.count), limits: limits)
            #expect(single.error == whole.error, "seed \(seed): \(body)")
        }
    }

    private func expectSound(_ heard: MultipartHearing, _ limits: MultipartLimits, _ comment: Comment) {
        #expect(heard.isComplete || heard.error != nil, comment)
        if let error = heard.error {
            #expect([400, 413].contains(error.status.code) && error.description.hasSuffix("."), comment)
        }
        let files = heard.parts.filter(\.isFile)
        #expect(files.count <= limits.files && heard.parts.count - files.count <= limits.fields, comment)
        let kept = zip(heard.parts, heard.contents).reduce(0) {
            $1.0.isFile ? $0 : $0 + $1.1.count + $1.0.name.utf8.count
        }
        #expect(kept <= limits.fieldBytes, comment)
        for part in heard.parts {
            let name = part.filename ?? "file"
            #expect(!["", ".", ".."].contains(name) && !name.utf8.contains { $0 == 0x2F || $0 == 0x5C }, comment)
            #expect(!(part.name + name).unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, comment)
            #expect(
                part.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } <= limits.partHeader, comment)
        }
    }

    // MARK: Urlencoded

    @Test(arguments: Seeds(30))
    func `any urlencoded body is split into its fields or exceeds the limit`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20 {
            let body =
                round % 5 == 0
                ? Self.bytes(most: 100, using: &generator)
                : Array(Self.soup(Self.fields, most: 30, using: &generator).utf8)
            let limit = Int.random(in: 0...8, using: &generator)
            let count = body.isEmpty ? 0 : body.count { $0 == 0x26 } + 1
            let form: QueryString
            do { form = try QueryString(form: Bytes(body), limit: limit) } catch {
                #expect(count > limit && error.status == .contentTooLarge, "seed \(seed): \(body)")
                continue
            }
            #expect(count <= limit, "seed \(seed): \(body)")
            let text =
                String(validating: body, as: UTF8.self).map { Array($0.utf8) }
                ?? body.flatMap { Array(String(Unicode.Scalar($0)).utf8) }
            let expected = text.split(separator: 0x26).map { piece in
                let parts = piece.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
                return QueryString.Item(
                    name: Self.decoded(parts[0]), value: parts.count > 1 ? Self.decoded(parts[1]) : "")
            }
            #expect(form.items == expected, "seed \(seed): \(body)")
            #expect(QueryString(parsing: form.encoded) == form, "seed \(seed): \(body)")
        }
    }

    /// Decodes percent-encoding as in a query. A percent sign without two digits stays as it is.
    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == 0x25, digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), digits.allSatisfy(\.isASCII),
                let code = UInt8(digits, radix: 16)
            {
                result.append(code)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    @Test(arguments: Seeds(30))
    func `percent-encoded text decodes to the original, and decoding never lengthens text`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let text = Self.soup(Self.fields, most: 12, using: &generator)
            for allowed in [PercentEncoding.Allowed.unreserved, .path] {
                let code = PercentEncoding.encode(text, allowing: allowed)
                #expect(code.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 && $0 != 0x5C })
                #expect(PercentEncoding.decode(code) == text, "seed \(seed): \(text.debugDescription)")
            }
            if let decoded = PercentEncoding.decode(text) { #expect(decoded.utf8.count <= text.utf8.count) }
        }
    }

    // MARK: Cookies

    @Test(arguments: Seeds(30))
    func `any Cookie header is split only at ASCII semicolons`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let text = Self.soup(Self.fields, most: 20, using: &generator)
            var names: Set<[UInt8]> = []
            for piece in text.utf8.split(separator: 0x3B) {
                let parts = piece.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false).map(
                    Self.trimmed)
                if parts.count == 2, parts != [[], []] { names.insert(parts[0]) }
                if parts.count == 1, parts[0] != [] { names.insert([]) }
            }
            let cookies = Cookie.parse(text)
            #expect(Set(cookies.keys.map { Array($0.utf8) }) == names, "seed \(seed): \(text.debugDescription)")
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    @Test(arguments: Seeds(30))
    func `any cookie value is read back unchanged and adds no other cookie`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let value = Self.soup(
                Self.fields + ["\r\n", "\n", "\u{0}", "\u{85}", "\u{7F}"], most: 10, using: &generator)
            let text = try SetCookie("a", value, path: nil, sameSite: nil).headerValue()
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0 == ";" || $0.value == 0x7F })
            let cookies = Cookie.parse("x=1; " + text + "; y=2")
            #expect(cookies.count == 3 && cookies["x"] == "1" && cookies["y"] == "2")
            #expect(cookies["a"].map { Array($0.utf8) } == Array(value.utf8), "seed \(seed): \(value.debugDescription)")
            var fields = HTTPFields()
            try fields.append("set-cookie", text)
            #expect(fields["set-cookie"] == text)
        }
    }

    // MARK: Conditions

    @Test(arguments: Seeds(30))
    func `any conditional headers have an outcome that fits the method, the headers and the size`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let names = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]
        for _ in 0..<20 {
            var fields = HTTPFields()
            for name in names where Bool.random(using: &generator) {
                let begin = name == "range" && Bool.random(using: &generator) ? "bytes=" : ""
                try fields.append(name, begin + Self.soup(Self.fields, most: 5, using: &generator))
            }
            let method: HTTPMethod = [.get, .head, .put, .post].randomElement(using: &generator)!
            let size = [nil, 0, 1, 100].randomElement(using: &generator)!
            let tag = [nil, EntityTag("a"), EntityTag("a", isWeak: true)].randomElement(using: &generator)!
            let outcome = RequestConditions.outcome(
                of: method, fields, tag: tag, modified: HTTPDate(secondsSinceEpoch: 784_111_777), size: size)
            let comment: Comment = "seed \(seed): \(method) \(fields)"
            switch outcome {
            case .whole: break
            case .part(let offsets):
                #expect(method == .get && !offsets.isEmpty && offsets.lowerBound >= 0, comment)
                #expect(offsets.upperBound <= size ?? 0 && fields.contains("range"), comment)
            case .unsatisfiable: #expect(method == .get && size != nil && fields.contains("range"), comment)
            case .notModified:
                #expect(method == .get || method == .head, comment)
                #expect(fields.contains("if-none-match") || fields.contains("if-modified-since"), comment)
            case .preconditionFailed: #expect(fields.contains { $0.name.hasPrefix("if-") }, comment)
            }
        }
    }

    @Test(arguments: Seeds(30))
    func `a range is parsed as a regular expression parses it`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["bytes", "=", "-", "0", "1", "7", "99", "100", " ", ",", "+", "é", "\u{301}"]
        for _ in 0..<50 {
            let text = Bool.random(using: &generator) ? "bytes=" : ""
            let field = text + Self.soup(pieces, most: 5, using: &generator)
            let size = Int.random(in: 0...120, using: &generator)
            var expected: RequestConditions.Outcome = .whole
            if let match = field.filter({ $0 != " " }).wholeMatch(of: #/bytes=([0-9]*)-([0-9]*)/#),
                field.prefix(6) == "bytes=", match.output.1.count < 9, match.output.2.count < 9
            {
                let (first, last) = (Int(match.output.1), Int(match.output.2))
                switch (first, last) {
                case (let first?, let last):
                    if last ?? first >= first { expected = Self.range(first, last ?? size, size) }
                case (nil, let last?):
                    expected = last == 0 ? .unsatisfiable : Self.range(max(0, size - last), size, size)
                case (nil, nil): break
                }
            } else if field.utf8.count > 14 || field.hasPrefix(" ") {
                continue
            }
            let outcome = RequestConditions.outcome(
                of: .get, ["range": field], tag: nil, modified: nil, size: size)
            #expect(outcome == expected, "seed \(seed): \(field.debugDescription) of \(size)")
        }
    }

    private static func range(_ first: Int, _ last: Int, _ size: Int) -> RequestConditions.Outcome {
        first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
    }

    @Test(arguments: Seeds(30))
    func `any text is parsed or rejected as a date, an entity tag, a host and header parameters`(
        seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        let pieces = Self.fields + ["Sunday", "06-Nov-94", "Nov  6", "08:49:37", "1994", "00", "-1"]
        for _ in 0..<50 {
            let text = Self.soup(pieces, most: 8, using: &generator)
            if let date = HTTPDate(parsing: text) {
                #expect(HTTPDate(parsing: date.description) == date, "seed \(seed)")
            }
            if let tag = EntityTag(parsing: text) {
                #expect(EntityTag(parsing: tag.description) == tag, "seed \(seed)")
            }
            if let named = HTTPAuthority(text.utf8.span) {
                #expect(
                    named.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x40 }, "seed \(seed)")
                #expect((0...65535).contains(named.port ?? 0), "seed \(seed)")
            }
            do { _ = try HeaderParameters(text)["name"] } catch { #expect(error.status == .badRequest, "seed \(seed)") }
            #expect(!MediaType(path: text).rawValue.isEmpty)
        }
    }
}
