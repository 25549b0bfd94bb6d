import StraitHTTP
import Testing

@Suite struct Headers {
    @Test func `lookup ignores case and returns the first value`() {
        let fields: HTTPFields = ["Content-Type": "a", "X-Y": "1", "x-y": "2"]
        #expect(fields["content-type"] == "a")
        #expect(fields["CONTENT-TYPE"] == "a")
        #expect(fields["x-Y"] == "1")
        #expect(fields.values(of: "X-y") == ["1", "2"])
        #expect(fields["absent"] == nil)
        #expect(fields.contains("x-y"))
        #expect(fields.count == 3)
    }

    @Test func `setting a value replaces all headers with the same name, and nil removes them`() {
        var fields: HTTPFields = ["A": "1", "B": "2", "a": "3"]
        fields["A"] = "4"
        #expect(fields.map(\.name) == ["b", "a"])
        #expect(fields.map(\.value) == ["2", "4"])
        fields["a"] = nil
        #expect(fields.map(\.name) == ["b"])
        fields.remove("B")
        #expect(fields.isEmpty)
        #expect(fields == HTTPFields())
    }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "ä", "a\u{0}"])
    func `a name that is not a token is rejected (RFC 9110 §5.6.2)`(name: String) {
        var fields = HTTPFields()
        #expect(throws: HTTPFieldError.self) { try fields.append(name, "x") }
        #expect(throws: HTTPFieldError.self) { try fields.set(name, "x") }
        #expect(fields.isEmpty)
    }

    @Test(arguments: ["a\r\nb: c", "a\nb", "a\rb", "a\u{0}", "\u{1b}", "\u{7f}", "\u{85}"])
    func `a value with a control character is rejected with a reason (RFC 9110 §5.5)`(value: String) {
        var fields = HTTPFields()
        let error = #expect(throws: HTTPFieldError.self) { try fields.append("X-A", value) }
        #expect(error?.description.contains("'X-A' contains a control character") == true)
        fields["X-A"] = value
        #expect(fields["X-A"] == nil)
        #expect(throws: HTTPFieldError.self) { try fields.check() }
    }

    @Test func `non-ASCII text is kept unchanged`() throws {
        var fields = HTTPFields()
        try fields.append("A", "Å é 🙂")
        #expect(fields["a"] == "Å é 🙂")
    }

    @Test func `a list element is found across several headers (RFC 9110 §5.6.1)`() {
        let fields: HTTPFields = ["Connection": "foo , Upgrade", "connection": "bar"]
        #expect(fields.list("connection", contains: "upgrade"))
        #expect(fields.list("connection", contains: "BAR"))
        #expect(!fields.list("connection", contains: "up"))
    }

    @Test func `long values and many headers are kept`() throws {
        var fields = HTTPFields()
        for index in 0..<300 { try fields.append("name-\(index)", String(repeating: "v", count: index * 300)) }
        #expect(fields.count == 300)
        #expect(fields["NAME-299"]?.utf8.count == 89700)
        #expect(Array(fields).last?.name == "name-299")
    }

    @Test func `appendMissing adds only headers whose names are absent`() throws {
        var fields: HTTPFields = ["A": "1", "B": "2"]
        fields.appendMissing(of: ["c": "3", "d": "4"])
        fields.appendMissing(of: ["b": "5", "E": "6"])
        #expect(fields == ["a": "1", "b": "2", "c": "3", "d": "4", "e": "6"])
        #expect(fields.count == 5)
        fields.appendMissing(of: ["f": "a\nb"])
        #expect(throws: HTTPFieldError.self) { try fields.check() }
    }
}
