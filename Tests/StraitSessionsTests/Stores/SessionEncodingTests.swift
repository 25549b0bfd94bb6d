import FoundationEssentials
import StraitCore
import StraitJSON
import StraitSessions
import Testing

@Suite struct `The encoding of sessions` {
    private let encoding = SessionEncoding(
        key: "django-insecure-test-secret-key-0123456789", now: { Date(timeIntervalSince1970: 1_700_000_000) })

    private func data(_ json: String) throws -> SessionData { try SessionData(json: Bytes(json)) }

    @Test func `a session is encoded as in Django`() throws {
        let text = try encoding.text(of: data("{\"a\":1}"))
        #expect(text == "eyJhIjoxfQ:1r31eq:ojka98wSjxONR8Q8Xc3uGQDEBlIpYWVYoFlC_oDRJdc")
        #expect(encoding.data(of: text)?.json == Bytes("{\"a\":1}"))
    }

    @Test func `a session that Django compressed is read`() throws {
        let text = """
            .eJyrVopPLC3JiC8tTi2Kz0xRslIyVNJBFktKTM5OzQNJpGQl5qXn6yXn55UUZSbpgZToQWWL9XzzU1JznKBqUQzISCzOAOpOTKIMKtUC\
            AM3lPq0:1r31eq:TzEnuej6l9epva35wkR1jG_ss5pfuBL8xq5PvU7bguY
            """
        let read = try #require(encoding.data(of: text))
        #expect(read.names == ["_auth_user_id", "_auth_user_backend", "_auth_user_hash"])
        #expect(read["_auth_user_id"] == Bytes("\"1\""))
        #expect(read["_auth_user_hash"] == Bytes("\"" + String(repeating: "ab", count: 32) + "\""))
        #expect(encoding.data(of: try encoding.text(of: read)) == read)
    }

    @Test func `a signature with a former key is accepted, and one with another key or salt is not`() throws {
        let text = try SessionEncoding(key: "old").text(of: data("{\"a\":1}"))
        #expect(SessionEncoding(key: "new", fallbackKeys: ["old"]).data(of: text) != nil)
        #expect(SessionEncoding(key: "new").data(of: text) == nil)
        #expect(SessionEncoding(key: "old", salt: "other").data(of: text) == nil)
        for place in text.indices {
            var changed = text
            changed.replaceSubrange(place...place, with: text[place] == "A" ? "B" : "A")
            #expect(SessionEncoding(key: "old").data(of: changed) == nil)
            #expect(SessionEncoding(key: "old").data(of: String(text[..<place])) == nil)
        }
    }

    @Test func `values that are not decoded keep their exact JSON`() throws {
        let json = "{\"big\":123456789012345678901234567890,\"e\":\"\\u00e9\",\"n\":NaN,\"list\":[1.50,{\"a\":[]}]}"
        var read = try data(json)
        #expect(read.json == Bytes(json))
        read["more"] = Bytes("1")
        read["e"] = nil
        #expect(
            read.json
                == Bytes("{\"big\":123456789012345678901234567890,\"n\":NaN,\"list\":[1.50,{\"a\":[]}],\"more\":1}"))
        #expect(throws: JSONError.self) { try data("[]") }
    }

    @Test func `non-ASCII text is escaped as in Django`() throws {
        var data = SessionData()
        data["name"] = Bytes("\"Ünï 🔑\"")
        let text = try encoding.text(of: data)
        let json = try #require(encoding.data(of: text)).json
        #expect(json == Bytes("{\"name\":\"\\u00dcn\\u00ef \\ud83d\\udd11\"}"))
    }

    @Test func `names are compared by their bytes, and many are read in linear time`() throws {
        var both = try data("{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(both.names.count == 2)
        #expect(both["\u{e9}"] == Bytes("1") && both["e\u{301}"] == Bytes("2"))
        both["\u{e9}"] = nil
        #expect(both["e\u{301}"] == Bytes("2"))
        let members = (0..<20_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        #expect(try data("{\(members)}")["key19999"] == Bytes("19999"))
    }
}
