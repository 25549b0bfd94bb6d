import StraitCore
import StraitHTTP
import StraitRouting
import Synchronization
import Testing

/// A log that keeps its lines in memory.
private final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var all: [String] { kept.withLock { $0 } }
    func forget() { kept.withLock { $0 = [] } }
    var log: Log {
        Log(level: .debug) { [self] _, text in kept.withLock { $0.append(text) } }
    }
}

/// A handshake with this `Origin` header.
private func handshake(_ origin: String?, host: String = "example.com") -> Scope {
    var headers: HTTPFields = ["Host": host]
    headers["Origin"] = origin
    return Scope(type: .webSocket, path: "/ws/", headers: headers)
}

private let socket = Endpoint.webSocket(NamedSocket(name: "x"))

@Suite struct Origins {
    /// The cases of Channels' tests/security/test_websocket.py and the pattern forms of its documentation.
    @Test(
        arguments: [
            (["allowed-domain.com"], "http://allowed-domain.com", true),
            (["allowed-domain.com"], "https://ALLOWED-domain.com:8443", true),
            (["allowed-domain.com"], "http://bad-domain.com", false),
            (["allowed-domain.com"], "http://www.allowed-domain.com", false),
            (["*.allowed-domain.com"], "http://www.allowed-domain.com", false),
            (["*.allowed-domain.com"], "http://allowed-domain.com", false),
            ([".allowed-domain.com"], "http://www.allowed-domain.com", true),
            ([".allowed-domain.com"], "http://allowed-domain.com", true),
            ([".allowed-domain.com"], "http://notallowed-domain.com", false),
            (["http://allowed-domain.com"], "http://allowed-domain.com", true),
            (["http://allowed-domain.com"], "https://allowed-domain.com", false),
            (["http://allowed-domain.com:80"], "http://allowed-domain.com", true),
            (["https://allowed-domain.com"], "https://allowed-domain.com:443", true),
            (["https://allowed-domain.com:443"], "https://allowed-domain.com", true),
            (["https://allowed-domain.com:443"], "https://allowed-domain.com:8443", false),
            (["https://allowed-domain.com:443"], "https://bad-domain.com", false),
            (["https://.allowed-domain.com"], "https://a.b.allowed-domain.com", true),
            (["http://example.com", "https://other.org"], "https://other.org", true),
            (["*"], nil, true), (["*"], "anything at all", true), ([], nil, false), ([], "http://a.com", false),
            (["allowed-domain.com"], nil, false), (["allowed-domain.com"], "", false), (["a.com"], "null", false),
            (["a.com"], "a.com", false), (["a.com"], "http://[", false), (["a.com"], "http://a.com:99999", false),
            (["a.com"], "http://u@a.com", false), (["a.com"], "http://a.com/x", false), (["a.com"], "://", false),
            ([""], "http://a.com", false), (["http://"], "http://a.com", false), (["[::1]"], "http://[::1]:8000", true),
        ] as [([String], String?, Bool)])
    func `an origin is allowed or denied with 403 (origin_validator)`(
        allowed: [String], origin: String?, isAllowed: Bool
    ) async throws {
        let lines = Lines()
        let validator = OriginValidator(socket, allowed: allowed, log: lines.log)
        // Some of these patterns are logged as invalid.
        lines.forget()
        let resolution = try await validator.resolve(handshake(origin))
        #expect(refusal(resolution) == (isAllowed ? nil : 403))
        #expect(lines.all.count == (isAllowed ? 0 : 1))
        if let origin, !isAllowed { #expect(lines.all.first?.contains("origin=\(origin)") == true) }
    }

    @Test(
        arguments: [
            ("https://example.com/", "https://example.com"), ("https://example.com/a/?b#c", "https://example.com"),
            ("example.com/", "http://example.com"), (".example.com/chat/", "http://www.example.com"),
            ("https://example.com:8443/", "https://example.com:8443"), ("http://[::1]:80/", "http://[::1]"),
            ("https://example.com?a", "https://example.com"), ("HTTPS://Example.com/", "https://example.com"),
        ])
    func `a pattern's path, query and fragment are ignored, as with urlparse`(
        pattern: String, origin: String
    ) async throws {
        let lines = Lines()
        let validator = OriginValidator(socket, allowed: [pattern], log: lines.log)
        #expect(refusal(try await validator.resolve(handshake(origin))) == nil)
        #expect(refusal(try await validator.resolve(handshake("https://example.org"))) == 403)
        #expect(lines.all.count == 1)
    }

    @Test(arguments: [
        "", "http://", "https:// a.com", "u@a.com", "a.com:99999", "http://[", "*.a.com", "https://*.a.com",
    ])
    func `an invalid pattern is logged when the validator is created`(pattern: String) {
        let lines = Lines()
        _ = OriginValidator(socket, allowed: ["good.com", pattern], log: lines.log)
        #expect(
            lines.all == [
                "OriginValidator ignores the invalid pattern \(pattern.debugDescription). Write a domain "
                    + "('example.com', or '.example.com' to include its subdomains), an origin "
                    + "('https://example.com:8443') or '*'."
            ])
    }

    @Test func `a plain request passes the validator, and gets 426 from a WebSocket route`() async throws {
        let lines = Lines()
        let validator = OriginValidator(socket, allowed: ["a.com"], log: lines.log)
        #expect(refusal(try await validator.resolve(Scope(path: "/", headers: ["Origin": "http://b.com"]))) == 426)
        #expect(refusal(try await OriginValidator(page("x"), allowed: []).resolve(Scope(path: "/"))) == 200)
        #expect(lines.all == [])
    }

    @Test func `origins must be allowed hosts, or localhost in debug mode (AllowedHostsOriginValidator)`()
        async throws
    {
        let log = Lines().log
        let local = AllowedHostsOriginValidator(socket, allowedHosts: [], debug: true, log: log)
        for origin in ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"] {
            #expect(refusal(try await local.resolve(handshake(origin))) == nil)
        }
        #expect(refusal(try await local.resolve(handshake("http://evil.com"))) == 403)
        let closed = AllowedHostsOriginValidator(socket, allowedHosts: [], log: log)
        #expect(refusal(try await closed.resolve(handshake("http://localhost"))) == 403)
        let listed = AllowedHostsOriginValidator(socket, allowedHosts: [".example.com"], debug: true, log: log)
        #expect(refusal(try await listed.resolve(handshake("https://www.example.com"))) == nil)
    }

    @Test(
        arguments: [
            (nil, "example.com", true), ("https://example.com", "example.com", true),
            ("http://example.com", "example.com:80", true), ("https://example.com", "example.com:443", true),
            ("https://EXAMPLE.com", "example.COM", true), ("http://localhost:8000", "localhost:8000", true),
            ("http://localhost:3000", "localhost:8000", false), ("https://evil.com", "example.com", false),
            ("http://example.com:8080", "example.com", false), ("null", "example.com", false),
            ("", "example.com", false),
            ("http://[", "example.com", false), ("https://example.com.evil.com", "example.com", false),
            ("http://[::1]:8000", "[::1]:8000", true),
        ] as [(String?, String, Bool)])
    func `by default an origin must match the host`(origin: String?, host: String, isAllowed: Bool) async throws {
        let lines = Lines()
        let check = SameOriginCheck(socket, log: lines.log)
        #expect(refusal(try await check.resolve(handshake(origin, host: host))) == (isAllowed ? nil : 403))
        #expect(lines.all.count == (isAllowed ? 0 : 1))
    }

    @Test(
        arguments: [
            ("http://127.0.0.1:8000", "localhost:8000", true), ("http://localhost:8000", "[::1]:8000", true),
            ("http://[::1]", "127.0.0.1", true), ("https://localhost", "127.0.0.1:443", true),
            ("http://localhost:3000", "127.0.0.1:8000", false), ("http://example.com:8000", "localhost:8000", false),
            ("http://localhost:8000", "example.com:8000", false), ("http://localhost.evil.com:80", "localhost", false),
            ("http://127.0.0.2", "localhost", false), ("null", "localhost", false),
        ] as [(String, String, Bool)])
    func `loopback names count as one host if loopbackIsOneHost is true`(
        origin: String, host: String, isAllowed: Bool
    ) async throws {
        let log = Lines().log
        let check = SameOriginCheck(socket, log: log, loopbackIsOneHost: true)
        #expect(refusal(try await check.resolve(handshake(origin, host: host))) == (isAllowed ? nil : 403))
        if origin != "http://127.0.0.2" {
            let strict = SameOriginCheck(socket, log: log)
            #expect(refusal(try await strict.resolve(handshake(origin, host: host))) == 403)
        }
    }

    @Test func `an origin allowed by a validator passes the default check, inside any router`() async throws {
        let log = Lines().log
        let router = try URLRouter {
            path("open/", OriginValidator(socket, allowed: ["other.com"], log: log))
            path("ws/", socket: "own")
        }
        let check = SameOriginCheck(router, log: log)
        var scope = handshake("https://other.com")
        #expect(refusal(try await check.resolve(scope)) == 403)
        scope.path = "/open/"
        #expect(refusal(try await check.resolve(scope)) == nil)
        scope.headers["Origin"] = "https://third.com"
        #expect(refusal(try await check.resolve(scope)) == 403)
        scope.path = "/nowhere/"
        #expect(try await check.resolve(scope)?.scope.path == nil)
    }

    @Test func `a plain request passes the default check`() async throws {
        let scope = Scope(path: "/", headers: ["Host": "a", "Origin": "http://b"])
        #expect(refusal(try await SameOriginCheck(page("x")).resolve(scope)) == 200)
    }
}
