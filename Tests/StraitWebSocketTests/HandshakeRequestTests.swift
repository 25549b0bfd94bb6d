import StraitHTTP
import StraitWebSocket
import Testing

@Suite struct `Opening handshakes` {
    private static let example: [(String, String)] = [
        ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Protocol", "chat, superchat"),
        ("Sec-WebSocket-Version", "13"),
    ]

    private func request(
        method: String = "GET", version: HTTPVersion = .http11, without name: String? = nil,
        adding: [(String, String)] = []
    ) throws(HandshakeRejection) -> HandshakeRequest? {
        let fields = Self.example.filter { $0.0 != name } + adding
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(uncheckedName: name.utf8.span, value: value.utf8.span) }
        return try HandshakeRequest(method: HTTPMethod(rawValue: method), version: version, headers: headers)
    }

    private func refusal(
        method: String = "GET", without name: String? = nil, adding: [(String, String)] = []
    ) -> HandshakeRejection? {
        do {
            _ = try request(method: method, without: name, adding: adding)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the RFC's example gets the RFC's response (RFC 6455 §1.3)`() throws {
        let request = try #require(try request())
        #expect(request.offer.subprotocols == ["chat", "superchat"])
        let acceptance = try request.accept(subprotocol: "chat")
        let expected: HTTPFields = [
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol": "chat",
        ]
        #expect(acceptance.head == HTTPResponseHead(status: .switchingProtocols, fields: expected))
    }

    @Test(arguments: ["WebSocket", "WEBSOCKET", "h2c, websocket", "h2c , \twebsocket ,x/1"])
    func `Upgrade is a case-insensitive list (RFC 6455 §4.2.1)`(value: String) throws {
        #expect(try request(without: "Upgrade", adding: [("Upgrade", value)]) != nil)
    }

    @Test(arguments: ["upgrade", "keep-alive, Upgrade", "UPGRADE,keep-alive"])
    func `Connection is a case-insensitive list (RFC 6455 §4.2.1)`(value: String) throws {
        #expect(try request(without: "Connection", adding: [("connection", value)]) != nil)
    }

    @Test(arguments: ["", "h2c", "websockets", "web socket", "websocket/13"])
    func `a request to upgrade to another protocol is not a handshake`(value: String) throws {
        #expect(try request(without: "Upgrade", adding: [("Upgrade", value)]) == nil)
    }

    @Test func `a request without Upgrade or in HTTP/1.0 is not a handshake (RFC 9110 §7.8)`() throws {
        #expect(try request(without: "Upgrade") == nil)
        #expect(try request(version: .http10) == nil)
    }

    @Test(arguments: ["POST", "HEAD", "get", "CONNECT"])
    func `a method other than GET is rejected with 400 (RFC 6455 §4.2.1)`(method: String) {
        #expect(refusal(method: method)?.response.status == .badRequest)
    }

    @Test(arguments: ["Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"])
    func `a missing header is rejected with 400 and named in the reason (RFC 6455 §4.2.1)`(name: String) {
        let refusal = refusal(without: name)
        #expect(refusal?.response.status == .badRequest)
        #expect(refusal?.reason.contains(name) == true)
    }

    @Test(arguments: [
        "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZ", "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25jZR==",
        "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZQ==,", "????????????????????????",
    ])
    func `a key that is not 16 bytes in Base64 is rejected with 400 (RFC 6455 §4.2.1)`(key: String) {
        #expect(
            refusal(without: "Sec-WebSocket-Key", adding: [("Sec-WebSocket-Key", key)])?.response.status == .badRequest)
    }

    @Test func `two keys are rejected with 400 (RFC 6455 §11.3.1)`() {
        #expect(refusal(adding: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])?.response.status == .badRequest)
    }

    @Test(arguments: ["8", "0", "14", "013", "13, 8", ""])
    func `another version is rejected with 426 and the supported version (RFC 6455 §4.4)`(version: String) {
        let refusal = refusal(without: "Sec-WebSocket-Version", adding: [("Sec-WebSocket-Version", version)])
        #expect(refusal?.response.status == .upgradeRequired)
        #expect(refusal?.response.headers["Sec-WebSocket-Version"] == "13")
    }

    @Test func `subprotocols in several headers form one ordered list (RFC 6455 §11.3.4)`() throws {
        let request = try #require(try request(adding: [("Sec-WebSocket-Protocol", "v2.chat ,,\tx")]))
        #expect(request.offer.subprotocols == ["chat", "superchat", "v2.chat", "x"])
    }

    @Test(arguments: ["chat", "a b", "a;b", "\"a\"", "é"])
    func `subprotocols that repeat or are not tokens are rejected with 400 (RFC 6455 §4.1)`(value: String) {
        #expect(refusal(adding: [("Sec-WebSocket-Protocol", value)])?.response.status == .badRequest)
    }

    @Test func `a server can accept only an offered subprotocol (RFC 6455 §4.2.2)`() throws {
        let request = try #require(try request())
        #expect(throws: AcceptanceError.subprotocolNotOffered("Chat")) { try request.accept(subprotocol: "Chat") }
        #expect(try request.accept().subprotocol == nil)
    }

    @Test func `an application can add headers to the response`() throws {
        let request = try #require(try request())
        let acceptance = try request.accept(headers: ["Set-Cookie": "a=b; Path=/"])
        #expect(acceptance.head.fields["set-cookie"] == "a=b; Path=/")
    }

    @Test(arguments: [("X", "a\r\nY: b"), ("X", "a\nb"), ("X Y", "a"), ("", "a"), ("X:", "a")])
    func `headers that are not valid are rejected`(name: String, value: String) throws {
        let request = try #require(try request())
        #expect(throws: HTTPFieldError.self) { try request.accept(headers: [name: value]) }
    }

    @Test(arguments: [
        "Sec-WebSocket-Extensions", "sec-websocket-accept", "Content-Length", "Transfer-Encoding", "Connection",
        "UPGRADE",
    ])
    func `headers that the handshake sets itself are rejected`(name: String) throws {
        let request = try #require(try request())
        #expect(throws: AcceptanceError.headerNotAllowed(name.lowercased())) {
            try request.accept(headers: [name: "0"])
        }
    }

    @Test func `compression is used if the client offers it and the server enables it (RFC 7692 §5)`() throws {
        let offer = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        let request = try #require(try request(adding: [offer]))
        let plain = try request.accept()
        #expect(plain.deflate == nil && plain.head.fields.count == 3)
        let packed = try request.accept(deflate: DeflateOptions())
        let answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(packed.head.fields["sec-websocket-extensions"] == answer)
        #expect(packed.deflate?.clientNoContextTakeover == true)
    }
}
