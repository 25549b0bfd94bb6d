import StraitCore
import StraitHTTP
import Testing

/// Encodes a response whose body is written in `pieces`. Returns its text and whether the connection stays open.
private func written(
    _ head: HTTPResponseHead, _ body: HTTPResponseEncoder.BodyLength, pieces: [String] = [],
    to method: HTTPMethod = .get,
    version: HTTPVersion = .http11, keepAlive: Bool = true, trailers: HTTPFields = HTTPFields()
) throws -> (text: String, keepAlive: Bool) {
    var encoder = HTTPResponseEncoder(method: method, version: version, keepAlive: keepAlive, serverName: nil)
    var buffer = ByteBuffer()
    try encoder.writeHead(head, body: body, date: nil, into: &buffer)
    for piece in pieces { try encoder.writeBody(piece.utf8.span, into: &buffer) }
    try encoder.writeEnd(trailers: trailers, into: &buffer)
    let bytes = buffer.take()
    return (String(decoding: bytes, as: UTF8.self), encoder.keepAlive)
}

@Suite struct Responses {
    @Test func `a body of known length has a Content-Length (RFC 9112 §6.2)`() throws {
        let head = HTTPResponseHead(status: .ok, fields: ["Content-Type": "text/plain", "X-ONE": "1"])
        let response = try written(head, .known(5), pieces: ["he", "llo"])
        #expect(
            response.text
                == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-One: 1\r\nContent-Length: 5\r\n\r\nhello")
        #expect(response.keepAlive)
    }

    @Test func `a body of unknown length is chunked in HTTP/1.1 (RFC 9112 §7.1)`() throws {
        let response = try written(
            HTTPResponseHead(status: .ok), .unknown, pieces: ["hello", "", String(repeating: "x", count: 16)],
            trailers: ["x-sum": "1"])
        #expect(
            response.text
                == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\nxxxxxxxxxxxxxxxx\r\n"
                + "0\r\nX-Sum: 1\r\n\r\n")
    }

    @Test func `an empty chunked body has only the last chunk (RFC 9112 §7.1)`() throws {
        let response = try written(HTTPResponseHead(status: .ok), .unknown)
        #expect(response.text == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    }

    @Test func `closing the connection ends a body of unknown length in HTTP/1.0 (RFC 9112 §6.3)`() throws {
        let response = try written(HTTPResponseHead(status: .ok), .unknown, pieces: ["hello"], version: .http10)
        #expect(response.text == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")
        #expect(!response.keepAlive)
    }

    @Test func `the Connection header says whether the connection stays open (RFC 9112 §9.3)`() throws {
        let ok = HTTPResponseHead(status: .ok)
        #expect(
            try written(ok, .none, version: .http10).text
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
        #expect(
            try written(ok, .none, keepAlive: false).text
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let closing = try written(HTTPResponseHead(status: .ok, fields: ["Connection": "close"]), .none)
        #expect(!closing.keepAlive)
        #expect(closing.text == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    @Test func `a response to HEAD has the Content-Length of GET and no body (RFC 9110 §9.3.2)`() throws {
        let ok = HTTPResponseHead(status: .ok)
        #expect(
            try written(ok, .known(5), pieces: ["hello"], to: .head).text
                == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        #expect(try written(ok, .unknown, pieces: ["hello"], to: .head).text == "HTTP/1.1 200 OK\r\n\r\n")
    }

    @Test(arguments: [100, 103, 204])
    func `1xx and 204 responses have no body and no Content-Length (RFC 9110 §8.6)`(code: Int) throws {
        let status = HTTPStatus(code)
        #expect(
            try written(HTTPResponseHead(status: status), .known(5), pieces: ["hello"]).text
                == "HTTP/1.1 \(code) \(status.reasonPhrase)\r\n\r\n")
    }

    @Test func `a 304 response keeps its Content-Length and has no body (RFC 9110 §15.4.5)`() throws {
        let head = HTTPResponseHead(status: .notModified, fields: ["Content-Length": "7"])
        #expect(try written(head, .none).text == "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n")
    }

    @Test func `an application cannot override the framing headers (RFC 9112 §6.1)`() throws {
        let head = HTTPResponseHead(
            status: .ok, fields: ["Transfer-Encoding": "gzip", "Content-Length": "9", "Keep-Alive": "x"])
        #expect(try written(head, .known(2), pieces: ["hi"]).text == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    }

    @Test func `an application's Content-Length frames a streamed body (RFC 9112 §6.2)`() throws {
        let head = HTTPResponseHead(status: .ok, fields: ["Content-Length": "5"])
        #expect(
            try written(head, .unknown, pieces: ["hel", "lo"]).text
                == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        #expect(throws: HTTPResponseError.bodyTooShort(by: 2)) { try written(head, .unknown, pieces: ["hel"]) }
        #expect(throws: HTTPResponseError.bodyTooLong(by: 1)) { try written(head, .unknown, pieces: ["hello!"]) }
    }

    @Test func `Date and Server are added if the response has none (RFC 9110 §6.6.1)`() throws {
        var buffer = ByteBuffer()
        var encoder = HTTPResponseEncoder(method: .get, version: .http11, keepAlive: true)
        let date = HTTPDate(secondsSinceEpoch: 784_111_777).description
        try encoder.writeHead(HTTPResponseHead(status: .ok), body: .none, date: date, into: &buffer)
        #expect(
            String(decoding: buffer.take(), as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "Server: strait\r\n\r\n"
        )
        var own = HTTPResponseEncoder(method: .get, version: .http11, keepAlive: true)
        let head = HTTPResponseHead(status: .ok, fields: ["Date": "d", "Server": "s"])
        try own.writeHead(head, body: .none, date: date, into: &buffer)
        #expect(
            String(decoding: buffer.take(), as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: d\r\nServer: s\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `an upgrade keeps its Connection header (RFC 9110 §7.8)`() throws {
        let head = HTTPResponseHead(
            status: .switchingProtocols, fields: ["Connection": "Upgrade", "Upgrade": "websocket"])
        #expect(
            try written(head, .none).text
                == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    }

    @Test func `100 Continue is a complete response without headers (RFC 9110 §15.2.1)`() {
        var buffer = ByteBuffer()
        HTTPResponseEncoder.writeContinue(into: &buffer)
        #expect(String(decoding: buffer.take(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test func `an invalid header fails the response before any byte is written`() throws {
        var fields = HTTPFields()
        fields["Location"] = "/\r\nSet-Cookie: admin=1"
        var buffer = ByteBuffer()
        var encoder = HTTPResponseEncoder(method: .get, version: .http11, keepAlive: true)
        var failure: HTTPResponseError?
        do {
            try encoder.writeHead(HTTPResponseHead(status: .ok, fields: fields), body: .none, date: nil, into: &buffer)
        } catch { failure = error }
        #expect(failure?.description.contains("'Location' contains a control character") == true)
        #expect(buffer.take().isEmpty)
    }
}
