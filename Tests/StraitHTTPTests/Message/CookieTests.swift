import StraitHTTP
import Testing

@Suite struct Cookies {
    @Test(
        arguments: [
            ("a=b", ["a": "b"]), ("a=b; c=d", ["a": "b", "c": "d"]), ("a=b;c=d", ["a": "b", "c": "d"]),
            (" a = b ", ["a": "b"]), ("a=b=c", ["a": "b=c"]), ("abc", ["": "abc"]), ("a=1; a=2", ["a": "2"]), ("", [:]),
            (";;", [:]), ("=b", ["": "b"]), ("a=", ["a": ""]), ("a=\"b c\"", ["a": "b c"]),
            ("a=\"b\\054c\"", ["a": "b,c"]),
            ("a=\"\\\"x\\\\\"", ["a": "\"x\\"]), ("a=\"\\351\"", ["a": "é"]), ("a=\"b", ["a": "\"b"]),
            ("a=\"", ["a": "\""]),
            ("a=\"\\477\"", ["a": "477"]), ("gh=1; $Version=1", ["gh": "1", "$Version": "1"]),
            ("a=b; c", ["a": "b", "": "c"]), ("a=x\u{37E} b=c", ["a": "x\u{37E} b=c"]),
            ("a=\u{301}b;\u{301}c=d", ["a": "\u{301}b", "\u{301}c": "d"]),
        ] as [(String, [String: String])])
    func `a Cookie header is parsed as Django's parse_cookie parses it`(header: String, cookies: [String: String]) {
        #expect(Cookie.parse(header) == cookies)
    }

    @Test func `a cookie is formatted as Channels' set_cookie formats it`() throws {
        #expect(
            try SetCookie("Testing-Key", "testing-value").headerValue()
                == "Testing-Key=testing-value; Path=/; SameSite=lax")
    }

    @Test func `attributes are in the order that SimpleCookie uses`() throws {
        let cookie = SetCookie(
            "sessionid", "abc", maxAge: 1_209_600, expires: HTTPDate(secondsSinceEpoch: 0), domain: "example.com",
            path: "/app", secure: true, httpOnly: true, sameSite: SetCookie.SameSite(rawValue: "Lax"))
        #expect(
            try cookie.headerValue()
                == "sessionid=abc; Domain=example.com; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=1209600"
                + "; Path=/app; SameSite=Lax; Secure")
    }

    @Test func `deleting a cookie sets an empty value that has already expired`() throws {
        #expect(
            try SetCookie.deleting("a").headerValue()
                == "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax")
        #expect(try SetCookie.deleting("__Host-a").headerValue().hasSuffix("; Secure"))
    }

    @Test(arguments: [
        ("a b", "\"a b\""), ("a,b", "\"a\\054b\""), ("a;b", "\"a\\073b\""), ("\"", "\"\\\"\""), ("\\", "\"\\\\\""),
        ("é", "\"\\351\""), ("\n", "\"\\012\""), ("plain:~", "plain:~"), ("", ""), ("a=b", "\"a=b\""),
    ])
    func `a value is quoted as SimpleCookie quotes it and parsed back unchanged`(value: String, quoted: String) throws {
        let text = try SetCookie("a", value, path: nil, sameSite: nil).headerValue()
        #expect(text == "a=" + quoted)
        #expect(Cookie.parse(text) == ["a": value])
    }

    @Test func `a name, domain or path that could add an attribute is rejected`() {
        #expect(throws: HTTPFieldError.self) { try SetCookie("a=b", "c").headerValue() }
        #expect(throws: HTTPFieldError.self) { try SetCookie("", "c").headerValue() }
        #expect(throws: HTTPFieldError.self) { try SetCookie("a", "c", domain: "x; Secure").headerValue() }
        #expect(throws: HTTPFieldError.self) { try SetCookie("a", "c", path: "/\r\n").headerValue() }
    }

    @Test func `SameSite accepts only its defined values`() {
        #expect(SetCookie.SameSite(rawValue: "Strict") != nil)
        #expect(SetCookie.SameSite(rawValue: "invalid") == nil)
    }
}
