import FormScripts
import PlainForms
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWeb
import Testing

/// Forms on an in-memory server.
@Suite struct ServedFormTests {
    private static let secret = "abcdefghijklmnopqrstuvwxyz012345"

    private func head(_ path: String, _ fields: String..., length: Int, cookie: Bool = true) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + (cookie ? "Cookie: csrftoken=\(Self.secret)\r\n" : "") + fields.map { $0 + "\r\n" }.joined()
            + "Content-Length: \(length)\r\n\r\n"
    }

    @Test(arguments: Seeds(5))
    func `a form is received over a network that splits it anywhere`(seed: UInt64) async throws {
        var network = SimulatedNetwork.rough(seed: seed)
        network.lossChance = 0
        let server = MemoryServer(try plainForms(), network: network)
        let body =
            part("name=csrfmiddlewaretoken", Self.secret) + part("name=name", "Ada")
            + part("name=photo; filename=a.png", String(repeating: "x", count: 50_000)) + part("name=place", "#7")
            + "--b--"
        let client = await server.connect()
        await client.send(head("/form/", length: body.utf8.count) + body)
        await server.clock.advance(by: .seconds(5))
        #expect(client.text.hasPrefix("HTTP/1.1 200"))
        #expect(client.text.hasSuffix("Ada a.png 50000 7"))
        await server.stop()
    }

    @Test func `an invalid form gets 422 with its errors, and the connection stays usable`() async throws {
        let server = MemoryServer(try plainForms())
        let client = await server.connect()
        let body = part("name=csrfmiddlewaretoken", Self.secret) + part("name=place", "7") + "--b--"
        await client.send(head("/form/", length: body.utf8.count) + body)
        await server.clock.idle()
        let page = client.take()
        #expect(page.hasPrefix("HTTP/1.1 422") && page.contains("Enter a place."))
        #expect(page.contains("Set-Cookie: csrftoken=\(Self.secret);"))
        await client.send("GET /form/ HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.clock.idle()
        #expect(client.text.hasPrefix("HTTP/1.1 200"))
        await server.stop()
    }

    @Test func `a forged upload is rejected before its whole body arrives`() async throws {
        let server = MemoryServer(try plainForms())
        for fields in [["Origin: http://evil.com"], []] {
            let client = await server.connect()
            let begin = part("name=photo; filename=a", String(repeating: "x", count: 1000))
            await client.send(head("/form/", fields.first ?? "X-Nothing: x", length: 50 << 20) + begin)
            await server.clock.idle()
            #expect(client.text.hasPrefix("HTTP/1.1 403"), "\(client.text)")
        }
        await server.stop()
    }

    @Test func `an upload is streamed as it arrives and ends if the client disconnects`() async throws {
        let server = MemoryServer(try plainForms())
        let client = await server.connect()
        let begin = "--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n"
        await client.send(head("/parts/", "X-CSRFToken: \(Self.secret)", length: begin.utf8.count + 100_007) + begin)
        for _ in 0..<10 {
            await client.send(String(repeating: "x", count: 10_000))
            await server.clock.idle()
        }
        await client.send("\r\n--b--")
        await server.clock.idle()
        #expect(client.take().hasSuffix("100000"))
        let other = await server.connect()
        await other.send(head("/parts/", "X-CSRFToken: \(Self.secret)", length: 1 << 30) + begin + "half")
        await other.abort()
        await server.clock.idle()
        #expect(server.connectionCount == 1)
        await server.stop()
    }

    @Test func `parts that were read for the CSRF token are delivered again, before the rest`() async throws {
        let body =
            part("name=csrfmiddlewaretoken", Self.secret) + part("name=f; filename=a", "12345") + "--b--"
        let response = try await HTTPCommunicator(
            try plainForms(), .post, "/parts/", body: Bytes(body),
            headers: ["Content-Type": Request.multipart, "Cookie": "csrftoken=\(Self.secret)"]
        ).response()
        #expect(response.text == "5")
    }

    @Test func `a client without a cookie can POST to a CSRF-exempt route`() async throws {
        let response = try await HTTPCommunicator(
            try plainForms(), .post, "/hook/", body: "{\"count\": 3}", headers: ["Content-Type": "application/json"]
        ).response()
        #expect(response.text == "3")
    }
}
