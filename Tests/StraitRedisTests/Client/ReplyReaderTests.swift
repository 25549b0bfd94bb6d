import StraitCore
import StraitRedis
import Testing

@Suite struct `Redis replies` {
    @Test func `the RESP2 types are read`() {
        #expect(replies("+OK\r\n") == [.simple("OK")])
        #expect(replies("+\r\n") == [.simple("")])
        #expect(replies(":0\r\n:-12\r\n:+7\r\n") == [.integer(0), .integer(-12), .integer(7)])
        #expect(replies(":9223372036854775807\r\n:-9223372036854775808\r\n") == [.integer(.max), .integer(.min)])
        #expect(replies("$5\r\na\r\nbc\r\n$0\r\n\r\n") == [.bulk("a\r\nbc"), .bulk("")])
        let error = RedisServerError("WRONGTYPE Operation against a key")
        #expect(replies("-WRONGTYPE Operation against a key\r\n") == [.error(error)])
        #expect(error.code == "WRONGTYPE")
        #expect("\(error)" == "Redis refused a command: WRONGTYPE Operation against a key")
    }

    @Test func `every null format is read as null`() {
        #expect(replies("$-1\r\n*-1\r\n_\r\n*2\r\n$-1\r\n*-1\r\n") == [.null, .null, .null, .array([.null, .null])])
    }

    @Test func `arrays, sets and maps keep their elements in order`() {
        #expect(
            replies("*0\r\n*2\r\n*1\r\n:1\r\n$1\r\na\r\n") == [
                .array([]), .array([.array([.integer(1)]), .bulk("a")]),
            ])
        #expect(replies("~2\r\n:2\r\n:1\r\n") == [.set([.integer(2), .integer(1)])])
        #expect(
            replies("%2\r\n+b\r\n*0\r\n+a\r\n%0\r\n") == [
                .map([.init(.simple("b"), .array([])), .init(.simple("a"), .map([]))])
            ])
        #expect(replies("*2\r\n-ERR a\r\n+b\r\n") == [.array([.error(RedisServerError("ERR a")), .simple("b")])])
    }

    @Test func `the other RESP3 types are read`() {
        #expect(replies("#t\r\n#f\r\n") == [.boolean(true), .boolean(false)])
        #expect(
            replies(",1.25\r\n,-3\r\n,1e-3\r\n,inf\r\n,-inf\r\n") == [
                .double(1.25), .double(-3), .double(0.001), .double(.infinity), .double(-.infinity),
            ])
        for text in [",nan\r\n", ",-nan\r\n"] {
            guard case .double(let value)? = replies(text).first else {
                Issue.record("The reply is not a double.")
                continue
            }
            #expect(value.isNaN)
        }
        #expect(
            replies("(3492890328409238509324850943850943825024385\r\n(-1\r\n(+2\r\n") == [
                .bigNumber("3492890328409238509324850943850943825024385"), .bigNumber("-1"), .bigNumber("2"),
            ])
        #expect(replies("!10\r\nERR a\r\n b\n\r\n") == [.error(RedisServerError("ERR a\r\n b\n"))])
        #expect(replies("=7\r\ntxt:a\r\n\r\n") == [.verbatim(format: "txt", Bytes("a\r\n"))])
    }

    @Test func `pushes and replies are distinguished`() {
        #expect(
            hear(">2\r\n+message\r\n$1\r\na\r\n+OK\r\n") == [
                .arrival(.push([.simple("message"), .bulk("a")])), .arrival(.reply(.simple("OK"))),
            ])
    }

    @Test func `attributes are skipped at any position`() {
        #expect(
            hear("|1\r\n+ttl\r\n*1\r\n:3600\r\n*2\r\n|1\r\n+a\r\n|1\r\n+b\r\n:0\r\n:0\r\n:1\r\n|0\r\n:2\r\n") == [
                .arrival(.reply(.array([.integer(1), .integer(2)])))
            ])
        #expect(hear("|1\r\n+a\r\n+b\r\n") == [.unfinished])
    }

    @Test func `invalid UTF-8 is kept in bulk strings and repaired in simple strings`() {
        #expect(hear([0x24, 0x31, 0x0D, 0x0A, 0xFF, 0x0D, 0x0A]) == [.arrival(.reply(.bulk([0xFF])))])
        #expect(hear([0x2B, 0xFF, 0x0D, 0x0A]) == [.arrival(.reply(.simple("\u{FFFD}")))])
    }

    @Test func `values convert to their Swift types`() {
        #expect(RedisValue.simple("a").string == "a" && RedisValue.simple("a").bytes == Bytes("a"))
        #expect(RedisValue.bulk("a").string == "a" && RedisValue.bulk([0xFF]).string == nil)
        #expect(RedisValue.verbatim(format: "txt", Bytes("b")).string == "b")
        #expect(RedisValue.integer(1).integer == 1 && RedisValue.integer(1).string == nil)
        #expect(RedisValue.set([.null]).elements == [.null] && RedisValue.null.elements == nil)
    }

    static let noReplies: [(String, String)] = [
        ("HTTP/1.1 400\r\n", "no type of RESP begins with the byte 0x48"), ("\r\n", "the byte 0xd"),
        ("+a\n", "a line ends with one of CR and LF instead of both"), ("+a\rb", "a line ends with one of CR and LF"),
        (":\r\n", "an integer cannot be \"\""), (":01\r\n", "an integer cannot be \"01\""),
        (":-0\r\n", "an integer cannot be \"-0\""), (": 1\r\n", "an integer cannot be \" 1\""),
        (":9223372036854775808\r\n", "an integer cannot be"), (":-9223372036854775809\r\n", "an integer cannot be"),
        (":" + String(repeating: "1", count: 65), "a number or a length has over 64 bytes"),
        ("$-2\r\n", "a length cannot be \"-2\""), ("$x\r\n", "a length cannot be \"x\""),
        ("%-1\r\n", "a length cannot be \"-1\""), ("~-1\r\n", "a length"), (">-1\r\n", "a length"),
        ("!-1\r\n", "a length"), ("$1\r\nab", "a string is longer than its length says"),
        ("$1\r\na\rb", "a string is longer than its length says"), ("#x\r\n", "a boolean cannot be \"x\""),
        ("_x\r\n", "a null cannot be \"x\""), (",0x1p3\r\n", "a double cannot be \"0x1p3\""),
        (",\r\n", "a double cannot be \"\""), (",infinity\r\n", "a double"), (",1e\r\n", "a double"),
        ("(1.5\r\n", "a big number cannot be \"1.5\""), ("(-\r\n", "a big number"),
        ("=3\r\ntxt\r\n", "a verbatim string does not begin with three bytes of format and a colon"),
        (">0\r\n", "a push has no kind"), ("*1\r\n>1\r\n", "a push is inside another value"),
    ]

    @Test(arguments: noReplies)
    func `an invalid reply is rejected with the reason and advice`(text: String, reason: String) {
        let error = refusal(text)
        #expect(error.contains(reason), "\(error)")
        #expect(error.hasPrefix("Invalid reply from Redis: "))
        #expect(
            error.hasSuffix(
                """
                Check that a Redis server listens at the address, and that it uses TLS only if the address begins \
                with rediss://.
                """))
    }

    @Test(arguments: ["$?\r\n", "*?\r\n", "%?\r\n", ";4\r\n", ".\r\n"])
    func `streamed strings and aggregates are rejected`(text: String) {
        #expect(
            refusal(text)
                == """
                Redis sent a streamed string or aggregate (RESP3). No Redis command replies with one, and Strait \
                does not support them. Check for a proxy between Strait and Redis.
                """)
    }

    @Test func `all bytes after an error are skipped`() throws {
        var reader = ReplyReader()
        var position = 0
        #expect(throws: RedisProtocolError.self) { try reader.next("?+OK\r\n".utf8.span, &position) }
        #expect(position == 6)
        position = 0
        #expect(try reader.next("+OK\r\n".utf8.span, &position) == nil)
        #expect(position == 5)
    }
}
