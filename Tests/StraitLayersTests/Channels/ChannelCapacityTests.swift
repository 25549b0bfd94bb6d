import Testing

@testable import StraitLayers

@Suite struct Capacities {
    @Test func `the first matching pattern sets a channel's capacity, otherwise the default applies`() {
        let capacity = ChannelCapacity(50, ["http.request": 200, "http.*": 20, "thumb?": 3])
        #expect(capacity["http.request"] == 200)
        #expect(capacity["http.response!abc"] == 20)
        #expect(capacity["thumbs"] == 3)
        #expect(capacity["thumb"] == 50)
        #expect(ChannelCapacity()["any"] == 100)
    }

    @Test(arguments: [
        ("*", "", true), ("*", "abc", true), ("a*", "abc", true), ("*c", "abc", true), ("a*c", "abc", true),
        ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("?", "", false), ("?", "a", true), ("?", "ab", false),
        ("[abc]", "b", true), ("[abc]", "d", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
        ("[!a-c]x", "dx", true), ("[]]", "]", true), ("[]a]", "a", true), ("[a", "[a", true), ("[a", "a", false),
        ("[-a]", "-", true), ("[a-]", "-", true), ("[!]]", "a", true), ("a.b", "axb", false), ("a**b", "ab", true),
    ])
    func `patterns match as in Python's fnmatch`(pattern: String, text: String, matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }
}
