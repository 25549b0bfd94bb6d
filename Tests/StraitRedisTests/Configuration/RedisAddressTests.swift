import StraitRedis
import Testing

@Suite struct `Redis addresses` {
    private func address(
        _ endpoint: RedisAddress.Endpoint, secure: Bool = false, username: String? = nil, password: String? = nil,
        database: Int = 0
    ) -> RedisAddress {
        var address = RedisAddress(endpoint, isSecure: secure)
        address.username = username
        address.password = password
        address.database = database
        return address
    }

    @Test func `a URL contains the host, port and database`() throws {
        #expect(
            try RedisAddress("redis://redis.example:6380/2")
                == address(.tcp(host: "redis.example", port: 6380), database: 2))
        #expect(try RedisAddress("redis://10.0.0.5") == RedisAddress(host: "10.0.0.5", port: 6379))
        #expect(try RedisAddress("REDIS://h/") == RedisAddress(host: "h"))
    }

    @Test func `the defaults are localhost, port 6379 and database 0`() throws {
        for url in ["redis://", "redis:///", "redis://localhost", "redis://localhost:", "redis://:6379/0"] {
            #expect(try RedisAddress(url) == RedisAddress(), "\(url)")
        }
    }

    @Test func `rediss:// means TLS`() throws {
        #expect(try RedisAddress("rediss://h:1") == address(.tcp(host: "h", port: 1), secure: true))
    }

    @Test func `the user name and password are percent-decoded`() throws {
        let host = RedisAddress.Endpoint.tcp(host: "h", port: 6379)
        #expect(
            try RedisAddress("redis://%C3%A9:p%40%2F%3a+s@h") == address(host, username: "é", password: "p@/:+s"))
        #expect(try RedisAddress("redis://:secret@h") == address(host, password: "secret"))
        #expect(try RedisAddress("redis://me@h") == address(host, username: "me"))
        #expect(try RedisAddress("redis://me:a:b@h") == address(host, username: "me", password: "a:b"))
        #expect(try RedisAddress("redis://me:a@b@h") == address(host, username: "me", password: "a@b"))
    }

    @Test func `an IPv6 address is written in brackets`() throws {
        #expect(try RedisAddress("redis://[::1]:7000/1") == address(.tcp(host: "::1", port: 7000), database: 1))
        #expect(try RedisAddress("redis://[fe80::1]") == RedisAddress(host: "fe80::1"))
    }

    @Test func `a unix:// URL contains a path`() throws {
        #expect(
            try RedisAddress("unix:///run/redis/redis.sock") == address(.unix(path: "/run/redis/redis.sock")))
        #expect(
            try RedisAddress("unix://me:pw@/tmp/a%20b.sock?db=3")
                == address(.unix(path: "/tmp/a b.sock"), username: "me", password: "pw", database: 3))
    }

    @Test func `options can be given in the query string, as in redis-py`() throws {
        #expect(
            try RedisAddress("unix:///r.sock?password=a+b%2B&username=me&db=2")
                == address(.unix(path: "/r.sock"), username: "me", password: "a b+", database: 2))
        #expect(try RedisAddress("redis://h/1?db=2") == address(.tcp(host: "h", port: 6379), database: 2))
        #expect(
            try RedisAddress("redis://a:b@h?username=c&password=d")
                == address(.tcp(host: "h", port: 6379), username: "a", password: "b"))
    }

    static let refused: [(String, String)] = [
        ("localhost:6379", "A Redis URL begins with redis://, rediss:// (TLS) or unix:// (a socket's path)."),
        ("", "A Redis URL begins with redis://"), ("http://h", "Write redis://localhost:6379, for instance."),
        ("redis:/h", "A Redis URL begins with redis://"),
        ("redis://h:0", "The port of a Redis URL is not a number from 1 to 65535."),
        ("redis://h:65536", "Write redis://host:6379, and a password before the host"),
        ("redis://h:+1", "The port of a Redis URL"), ("redis://:secret", "The port of a Redis URL"),
        ("redis://h/x", "The database of a Redis URL is not a number from 0. Write redis://host:6379/1"),
        ("redis://h/1/2", "The database of a Redis URL"), ("redis://h/-1", "The database of a Redis URL"),
        ("redis://h?db=", "The database of a Redis URL"),
        ("redis://h?db=1&db=1", "A Redis URL has the option \"db\" twice. Use db, username or password, each once."),
        ("redis://h?timeout=1", "A Redis URL has the option \"timeout\", which Strait does not support. Use db,"),
        ("redis://:a/b@h", "A Redis URL has an invalid @, # or space."),
        ("redis://:a#b@h", "write %40 for @, %23 for #, %20 for a space, %2F for / and %3F for ?."),
        ("redis://:a?b@h", "A Redis URL has an invalid @"), ("redis://h \n", "A Redis URL has an invalid @"),
        ("redis://:%4@h", "A Redis URL has a % without two hexadecimal digits after it"),
        ("redis://:%ff@h", "Write %25 for the character % itself."),
        ("redis://::1", "The host of a Redis URL is not valid."), ("redis://[::1", "IPv6 needs brackets"),
        ("redis://[]", "The host of a Redis URL"), ("redis://[::1]x", "The host of a Redis URL"),
        ("redis://a%2Fb", "The host of a Redis URL"),
        ("unix://run/redis.sock", "A unix:// URL has no absolute path. Write three slashes"),
        ("unix://", "A unix:// URL has no absolute path."), ("unix:///", "A unix:// URL has no absolute path."),
    ]

    @Test(arguments: refused)
    func `an invalid address is rejected with the correction`(url: String, text: String) {
        let error = #expect(throws: RedisAddressError.self) { try RedisAddress(url) }
        #expect(error.map { "\($0)".contains(text) } == true, "\(error.map { "\($0)" } ?? "none")")
    }

    @Test func `errors and descriptions contain no password`() throws {
        for url in ["redis://me:geheim@h:x", "redis://:geheim", "redis://:geheim/x@h", "redis://me:geheim%@h"] {
            let error = #expect(throws: RedisAddressError.self) { try RedisAddress(url) }
            #expect(error.map { "\($0)".contains("geheim") } == false)
        }
        var text = ""
        dump(try RedisAddress("redis://me:geheim@h"), to: &text)
        #expect(!text.contains("geheim"))
        #expect("\(try RedisAddress("redis://me:geheim@h"))" == "redis://me:…@h:6379/0")
        #expect("\(try RedisAddress("rediss://:geheim@[::1]/3"))" == "rediss://:…@[::1]:6379/3")
        #expect("\(try RedisAddress("unix:///r.sock?db=1"))" == "unix:///r.sock?db=1")
    }
}
