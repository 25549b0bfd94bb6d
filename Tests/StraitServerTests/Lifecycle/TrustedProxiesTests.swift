import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Forwarding {
    private func client(_ fields: [String], from host: String = "10.0.0.1", trusting peers: [String] = ["10.0.0.1"])
        async throws -> String
    {
        let script = ServerScript()
        try script.serve(
            configure: { $0.proxies = TrustedProxies(peers) },
            page: { .text("\($0.scope.client?.description ?? "-") \($0.scope.scheme)") })
        let request = (["GET / HTTP/1.1", "Host: site"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        let text = await script.answer(request, from: host)
        let answer = text.split(separator: "\r\n").last.map(String.init) ?? ""
        // The access log names the same client.
        #expect(script.access.lines.first?.hasPrefix(answer.split(separator: " ")[0] + " - - ") == true)
        return answer
    }

    @Test(
        arguments: [
            ([], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 80"], "10.1.2.3:80 http"),
            (["X-Forwarded-For: 10.1.2.3"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.9.9.9, 10.1.2.3"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.9.9.9", "X-Forwarded-For: 10.1.2.3"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.1.2.3, 10.0.0.1", "X-Forwarded-For: 10.0.0.1"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.0.0.1"], "10.0.0.1:0 http"),
            (["X-Forwarded-For: evil, 10.1.2.3:4711"], "10.1.2.3:4711 http"),
            (["X-Forwarded-For: 10.1.2.3, evil"], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: 10.1.2.3, <b>"], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: 10.1.2.3:many"], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: [::1"], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: [2001:DB8::1]:80"], "[2001:db8::1]:80 http"),
            (["X-Forwarded-For: [2001:db8::1]"], "[2001:db8::1]:0 http"),
            (["X-Forwarded-For: ::ffff:10.1.2.3"], "10.1.2.3:0 http"),
            (["X-Forwarded-Proto: https, http"], "10.0.0.1:5001 http"),
            (["X-Forwarded-For:  10.1.2.3 , ", "X-Forwarded-Proto: https"], "10.1.2.3:0 https"),
            (["X-Forwarded-For: 10.0.5.6, 1043::a321:0001"], "[1043::a321:1]:0 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: many"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 70000"], "10.1.2.3:0 http"),
            (["X-Forwarded-Proto: https"], "10.0.0.1:5001 https"),
            (["X-Forwarded-For: ", "X-Forwarded-Proto: gopher"], "10.0.0.1:5001 http"),
        ] as [([String], String)])
    func `a trusted proxy's headers determine the client and scheme`(fields: [String], expected: String) async throws {
        #expect(try await client(fields) == expected)
    }

    @Test func `other peers' forwarding headers are ignored`() async throws {
        let fields = ["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 80", "X-Forwarded-Proto: https"]
        #expect(try await client(fields, from: "10.0.0.9") == "10.0.0.9:5001 http")
        #expect(try await client(fields, trusting: []) == "10.0.0.1:5001 http")
    }

    @Test func `a request header cannot set the root path (Daphne-Root-Path)`() async throws {
        let script = ServerScript()
        script.serve(
            try URLRouter { rePath(#/.*/#) { .text("\($0.path) [\($0.scope.rootPath)]") } },
            configure: { $0.proxies = TrustedProxies(["10.0.0.1"]) })
        let text = await script.answer("GET /a HTTP/1.1\r\nHost: site\r\nDaphne-Root-Path: /evil\r\n\r\n")
        #expect(text.hasSuffix("\r\n\r\n/a []"))
    }

    @Test func `a client of a Unix socket is trusted if 'unix' is a trusted proxy`() async throws {
        for (peers, expected) in [(["unix"], "10.1.2.3:0"), (["10.0.0.1"], "unix:")] {
            let script = ServerScript()
            try script.serve(
                configure: { $0.proxies = TrustedProxies(peers) },
                page: { .text($0.scope.client?.description ?? "-") })
            let client = await script.connect(as: .unix(path: ""))
            await client.send("GET / HTTP/1.1\r\nHost: site\r\nX-Forwarded-For: 10.1.2.3\r\n\r\n")
            #expect(client.text.hasSuffix("\r\n\r\n" + expected))
        }
    }

    @Test func `a trusted proxy is recognized in any notation of its address`() {
        #expect(TrustedProxies(["::ffff:10.0.0.1"]).trusts(.internet(host: "10.0.0.1", port: 1)))
        #expect(TrustedProxies(["2001:DB8:0::1"]).trusts(.internet(host: "2001:db8::1", port: 1)))
    }

    @Test(
        arguments: [
            ("10.0.0.0/8", ["10.0.0.1", "10.255.255.255"], ["11.0.0.1", "::1", "9.255.255.255"]),
            ("10.1.2.3/32", ["10.1.2.3"], ["10.1.2.4"]), ("0.0.0.0/0", ["1.2.3.4"], ["::1"]),
            ("10.1.2.3/9", ["10.127.0.1"], ["10.128.0.1"]),
            ("2001:db8::/32", ["2001:db8:ffff::1"], ["2001:db9::1", "32.1.13.184"]),
            ("2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::1"]),
            ("::ffff:10.0.0.0/104", ["10.9.9.9"], ["11.0.0.1"]), ("::/0", ["::1", "2001:db8::1"], ["10.0.0.1"]),
        ] as [(String, [String], [String])])
    func `a trusted network covers exactly its addresses`(network: String, inside: [String], outside: [String])
        async throws
    {
        let proxies = TrustedProxies([network])
        for host in inside { #expect(proxies.trusts(.internet(host: host, port: 1)), "\(host)") }
        for host in outside { #expect(!proxies.trusts(.internet(host: host, port: 1)), "\(host)") }
        #expect(!proxies.trusts(.unix(path: "")) && !proxies.trusts(.memory(name: "10.0.0.1")))
    }

    @Test func `forwarding proxies in a trusted network are skipped`() async throws {
        #expect(
            try await client(["X-Forwarded-For: 192.0.2.7, 10.9.9.9, 10.8.8.8"], trusting: ["10.0.0.0/8"])
                == "192.0.2.7:0 http")
    }

    @Test(arguments: [
        "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/08", "::/129", "::ffff:10.0.0.0/95", "a/8", "/8",
    ])
    func `an invalid network is reported as unreadable and trusts no peer`(text: String) {
        let proxies = TrustedProxies([text])
        #expect(proxies.unreadable == [text])
        #expect(!proxies.trusts(.internet(host: "10.0.0.0", port: 1)))
    }

    @Test func `a WebSocket's scope and access log name the forwarded client`() async throws {
        let script = ServerScript()
        try script.serveSocket(
            configure: { $0.proxies = TrustedProxies(["10.0.0.1"]) },
            receive: { probe, _ in
                probe.send(text: "\(probe.scope.client?.description ?? "-") \(probe.scope.scheme)")
            })
        let socket = await Socket.open(
            script, "/ws/", ["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Proto: https", "Origin: https://site"])
        await socket.send("who")
        await socket.close(1000)
        #expect(socket.frames.first == "text 10.1.2.3:0 wss")
        #expect(
            script.access.lines
                == [("CONNECTING", "-"), ("CONNECT", "-"), ("DISCONNECT", "1000")].map {
                    "10.1.2.3:0 - - [date] \"WS\($0) /ws/\" \($1) -"
                })
    }
}
