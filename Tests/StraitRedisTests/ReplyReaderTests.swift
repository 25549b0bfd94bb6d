import StraitNetwork
import StraitRedis
import Testing

@Suite struct `Replies of Redis` {
    @Test func `simple strings, errors, integers and bulk strings are what RESP2 says`() {
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

    @Test func `every form of null is null`() {
        #expect(replies("$-1\r\n*-1\r\n_\r\n*2\r\n$-1\r\n*-1\r\n") == [.null, .null, .null, .array([.null, .null])])
    }

    @Test func `arrays, sets and maps hold what is in them, in order`() {
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

    @Test func `the other types of RESP3 are read`() {
        #expect(replies("#t\r\n#f\r\n") == [.boolean(true), .boolean(false)])
        #expect(
            replies(",1.25\r\n,-3\r\n,1e-3\r\n,inf\r\n,-inf\r\n") == [
                .double(1.25), .double(-3), .double(0.001), .double(.infinity), .double(-.infinity),
            ])
        for text in [",nan\r\n", ",-nan\r\n"] {
            guard case .double(let value)? = replies(text).first else {
                Issue.record("no double")
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

    @Test func `a push is told from a reply`() {
        #expect(
            hear(">2\r\n+message\r\n$1\r\na\r\n+OK\r\n") == [
                .arrival(.push([.simple("message"), .bulk("a")])), .arrival(.reply(.simple("OK"))),
            ])
    }

    @Test func `attributes are skipped, wherever they stand`() {
        #expect(
            hear("|1\r\n+ttl\r\n*1\r\n:3600\r\n*2\r\n|1\r\n+a\r\n|1\r\n+b\r\n:0\r\n:0\r\n:1\r\n|0\r\n:2\r\n") == [
                .arrival(.reply(.array([.integer(1), .integer(2)])))
            ])
        #expect(hear("|1\r\n+a\r\n+b\r\n") == [.unfinished])
    }

    @Test func `what is not UTF-8 stays as it is in bulk strings and is repaired in simple ones`() {
        #expect(hear([0x24, 0x31, 0x0D, 0x0A, 0xFF, 0x0D, 0x0A]) == [.arrival(.reply(.bulk([0xFF])))])
        #expect(hear([0x2B, 0xFF, 0x0D, 0x0A]) == [.arrival(.reply(.simple("\u{FFFD}")))])
    }

    @Test func `values say what they are`() {
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
        (">0\r\n", "a push has no kind"), ("*1\r\n>1\r\n", "a push lies within another value"),
    ]

    @Test(arguments: noReplies)
    func `what is no reply is refused, and the error says why and where to look`(text: String, reason: String) {
        let error = refusal(text)
        #expect(error.contains(reason), "\(error)")
        #expect(error.hasPrefix("What came is no reply of Redis: "))
        #expect(
            error.hasSuffix(
                "Check that a Redis server listens at the address, with TLS only where it begins with rediss://."))
    }

    @Test(arguments: ["$?\r\n", "*?\r\n", "%?\r\n", ";4\r\n", ".\r\n"])
    func `values in parts are refused`(text: String) {
        #expect(
            refusal(text)
                == "Redis sent a value in parts (a streamed string or aggregate of RESP3), which no Redis command "
                + "answers with and Strait does not read. Check what stands between Strait and Redis.")
    }

    @Test func `after an error everything is skipped`() throws {
        var reader = ReplyReader()
        var position = 0
        #expect(throws: RedisProtocolError.self) { try reader.next("?+OK\r\n".utf8.span, &position) }
        #expect(position == 6)
        position = 0
        #expect(try reader.next("+OK\r\n".utf8.span, &position) == nil)
        #expect(position == 5)
    }
}
