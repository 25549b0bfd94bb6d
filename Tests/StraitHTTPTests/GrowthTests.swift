import StraitCore
import StraitHTTP
import StraitTesting
import Testing

/// Checks that untrusted text with many combining marks is parsed in linear time.
@Suite struct `Long runs of combining marks in requests` {
    private func growth(_ work: (String) -> Void) -> Double {
        TimeGrowth.smallest(from: 64 << 10, of: CombiningMarks.text(bytes:), work)
    }

    @Test func `a query string is parsed and searched in linear time`() {
        let growth = growth { text in
            let query = QueryString(parsing: "\(text)=1&\(text)=2&b=\(text)")
            _ = (query[text], query.values(of: text), query["b"], query == QueryString(parsing: "a=\(text)"))
            _ = (query.encoded, Set(query.items))
        }
        #expect(growth < 2.5)
    }

    @Test func `a query string created from items is searched in linear time`() {
        let growth = growth { text in
            let query = QueryString([.init(name: text, value: text), .init(name: "a", value: text)])
            _ = (query[text], query.values(of: text), Set(query.items), query == QueryString(query.items.reversed()))
        }
        #expect(growth < 2.5)
    }

    @Test func `percent-encoded text and part headers are parsed in linear time`() {
        var limits = MultipartLimits()
        limits.partHeader = 1 << 20
        let growth = growth { text in
            let coded = PercentEncoding.encode(text)
            _ = PercentEncoding.decode(coded)
            _ = MediaType(path: text + "." + text)
            for header in [
                "form-data; name=\"\(text)\"", "form-data; name=a; filename=\"\(text)\"", "form-data; \(text)=a",
                "form-data; name*=UTF-8''\(coded)", "form-data; name*0*=UTF-8''\(coded); name*1=\(text)", text,
                "form-data; name=a; filename=\(text.unicodeScalars.map { "&#\($0.value);" }.joined())",
            ] {
                _ = try? HeaderParameters(header)
                guard var parser = try? MultipartParser(boundary: "b", limits: limits) else { continue }
                let body = Array(
                    "--b\r\nContent-Disposition: \(header)\r\nContent-Type: \(text)\r\n\r\n\(text)\r\n--b--".utf8)
                parser.feed(body.span)
                while let event = try? parser.next() { if case .end = event { break } }
            }
        }
        #expect(growth < 2.5)
    }

    @Test func `a form with more than 30 combining marks in a row gets 400`() throws {
        let text = String(repeating: "\u{301}", count: 31)
        let coded = PercentEncoding.encode(text)
        for body in ["a=\(coded)", "\(coded)=1", "a=1&b=\(text)", "b=\(coded)a"] {
            #expect(throws: MultipartError.combiningMarks) { try QueryString(form: Bytes(body), limit: 10) }
        }
        #expect(
            MultipartError.combiningMarks.description
                == "The form has a name or value with more than 30 combining marks in a row (Unicode UAX #15). "
                + "Remove some of them."
        )
        #expect(MultipartError.combiningMarks.status == .badRequest)
        let shorter = String(repeating: "\u{301}", count: 30)
        #expect(try QueryString(form: Bytes("a=\(shorter)"), limit: 10)["a"] == shorter)
    }

    @Test func `a grapheme joiner is inserted after 30 combining marks in a row in a query string`() {
        let query = QueryString(parsing: "a=x" + String(repeating: "\u{301}", count: 65))
        let scalars = query["a"].map { Array($0.unicodeScalars) } ?? []
        #expect(scalars.count == 68)
        #expect(scalars.indices.filter { scalars[$0] == "\u{34F}" } == [31, 62])
        #expect(query["a"]?.isStreamSafe == true)
    }

    @Test func `names that look the same but have different scalars are different names`() {
        let query = QueryString(parsing: "e%CC%81=1&%C3%A9=2&;=3")
        #expect(query["e\u{301}"] == "1")
        #expect(query["\u{E9}"] == "2")
        #expect(query["\u{37E}"] == nil)
        #expect(QueryString.Item(name: "e\u{301}", value: "") != QueryString.Item(name: "\u{E9}", value: ""))
    }
}
