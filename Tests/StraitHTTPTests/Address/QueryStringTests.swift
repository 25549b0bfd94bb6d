import StraitCore
import StraitHTTP
import Testing

@Suite struct FormQueryTests {
    private static func read(_ body: Bytes, limit: Int = 1000) throws(MultipartError) -> [String] {
        try QueryString(form: body, limit: limit).items.map { $0.name + "=" + $0.value }
    }

    @Test func `a form's names and values keep their order`() throws {
        let form = try QueryString(form: "a=1&b=%C3%BC+x&a=2&c&=d&&", limit: 1000)
        #expect(form.items.map { $0.name + "=" + $0.value } == ["a=1", "b=ü x", "a=2", "c=", "=d"])
        #expect(form["a"] == "2")
        #expect(form.values(of: "a") == ["1", "2"])
    }

    @Test func `bytes that are not UTF-8 are decoded as ISO 8859-1, as in Django's QueryDict`() throws {
        #expect(try Self.read([0x61, 0x3D, 0xE9]) == ["a=é"])
        #expect(try Self.read("a=%E9") == ["a=\u{FFFD}"])
    }

    @Test func `a form with more fields than the limit gets 413 before any field is decoded`() throws {
        #expect(try Self.read("a&b&c", limit: 3).count == 3)
        do {
            _ = try Self.read("a&b&&", limit: 3)
            Issue.record("The form was not rejected.")
        } catch {
            #expect(error.status == .contentTooLarge)
            #expect(error.description == "The form has more fields than the limit of 3. Send fewer.")
        }
        #expect(try Self.read("", limit: 0).isEmpty)
    }

    @Test func `a query string is parsed as Django's QueryDict parses it`() {
        let query = QueryString(parsing: "a=1&b=x+y%20z&a=2&&c&d=&%C3%A9=%&=e")
        #expect(query["a"] == "2")
        #expect(query.values(of: "a") == ["1", "2"])
        #expect(query["b"] == "x y z")
        #expect(query["c"] == "")
        #expect(query["d"] == "")
        #expect(query["é"] == "%")
        #expect(query[""] == "e")
        #expect(query["z"] == nil)
        #expect(QueryString(parsing: query.encoded) == query)
        #expect(QueryString(parsing: "").items.isEmpty)
    }
}
