import StraitNetwork
import StraitRouting
import StraitTesting
import Testing

/// Bodies of forms that are too much, or no forms.
@Suite(.serialized) struct UploadTests {
    private static let urlencoded = "application/x-www-form-urlencoded"
    private static let file = part("name=f; filename=x", String(repeating: "x", count: 1000))

    @Test(arguments: [
        (urlencoded, "a=1&b=2", 200, "2 fields, 0 files"),
        (Request.multipart, part("name=a") + file + "--b--", 200, "1 fields, 1 files"),
        (
            urlencoded, String(repeating: "a=1&", count: 10_000), 413,
            "The form has more than the 1000 fields that are taken here. Send fewer.\n"
        ),
        (
            urlencoded, "a=" + String(repeating: "x", count: 3_000_000), 413,
            "The body is larger than the 2621440 bytes that are taken here. Send less, or large data as a file.\n"
        ),
        (
            Request.multipart, file + String(repeating: part("name=a"), count: 10_000) + "--b--", 413,
            "The form has more than the 1000 fields that are taken here. Send fewer.\n"
        ),
        (
            Request.multipart, String(repeating: file, count: 101) + "--b--", 413,
            "The form has more than the 100 files that are taken at a time. Send fewer.\n"
        ),
        (
            Request.multipart, file + part("name=a", String(repeating: "x", count: 3_000_000)) + "--b--", 413,
            "The form's fields hold more than the 2621440 bytes that are taken here. Send large data as a file.\n"
        ),
        (
            Request.multipart, file + file, 400,
            "The multipart body ends without its closing boundary: send all of it, up to '--boundary--'.\n"
        ),
        (
            Request.multipart, file + "--b\r\n--b\r\n" + part("name=a") + "--b--", 400,
            "A header line of a part is not 'name: value' in UTF-8 without control characters, ended by CRLF.\n"
        ),
        (
            Request.multipart, file + "--bb\r\n" + part("name=a") + "--b--", 400,
            "A boundary in the multipart body is not the end of its line: it is followed by CRLF, and the last one by '--'.\n"
        ),
        (
            Request.multipart + "; boundary=c", part("name=a") + "--b--", 400,
            "The Content-Type of a multipart body names a boundary of 1 to 70 characters: letters, digits, spaces and '()+_,-./:=? (RFC 2046 §5.1.1). Let the browser or the client's library choose it.\n"
        ),
        (
            Request.multipart, file + part("name=\"" + String(repeating: "n", count: 10_000) + "\"") + "--b--", 400,
            "The header lines of a part are longer than 8192 bytes. Give the file a shorter name.\n"
        ),
        (
            Request.multipart, file + "--b\r\nX: " + String(repeating: "x", count: 100_000), 400,
            "The header lines of a part are longer than 8192 bytes. Give the file a shorter name.\n"
        ),
        (
            Request.multipart, file + part("name=f; filename*=UTF-8''a%0d%0aX:%20y") + "--b--", 400,
            "A part's name or file name holds a control character. Rename the file.\n"
        ),
        (
            Request.multipart, file + coded("base64", "eA==") + "--b--", 400,
            "A part has the Content-Transfer-Encoding \"base64\", which is not for HTTP (RFC 7578 §4.7). Send the bytes as they are.\n"
        ),
        (
            Request.multipart, file + coded("quoted-printable", "=78") + "--b--", 400,
            "A part has the Content-Transfer-Encoding \"quoted-printable\", which is not for HTTP (RFC 7578 §4.7). Send the bytes as they are.\n"
        ),
        (Request.multipart, coded("8bit", "x") + "--b--", 200, "1 fields, 0 files"),
        (
            "text/plain", "a=1", 415,
            "A body of type \"text/plain\" is not read here. Send a form (application/x-www-form-urlencoded or multipart/form-data) or, where it is taken, application/json.\n"
        ),
    ])
    func `a form is taken, or refused with what to send instead`(
        type: String, body: String, status: Int, text: String
    ) async throws {
        let site = try HostileSite()
        let answer = await site.ask(HostileSite.post(type, body))
        #expect(answer.status == status && answer.body == text)
        // The same in chunks, whose sum nobody announced.
        var chunks = ""
        var rest = body.utf8[...]
        while !rest.isEmpty {
            let piece = rest.prefix(60_000)
            chunks += String(piece.count, radix: 16) + "\r\n" + String(Substring(piece)) + "\r\n"
            rest = rest.dropFirst(piece.count)
        }
        let head = HostileSite.head(
            "POST /form/", HostileSite.good + ["Content-Type: \(type)", "Transfer-Encoding: chunked"])
        let chunked = await site.ask(head + chunks + "0\r\n\r\n")
        #expect(chunked.status == status && chunked.body == text)
        #expect(site.log.lines == [])
        await site.server.stop()
    }

    private static func coded(_ coding: String, _ content: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: \(coding)\r\n\r\n\(content)\r\n"
    }

    @Test func `a body that is announced as too large is refused before any of it is there`() async throws {
        let site = try HostileSite()
        for type in [Self.urlencoded, Request.multipart] {
            let answer = await site.ask(
                HostileSite.head(
                    "POST /form/", HostileSite.good + ["Content-Type: \(type)", "Content-Length: 1000000000"]))
            #expect(answer.status == 413 && answer["connection"] == "close", "\(type)")
        }
        await site.server.stop()
    }

    @Test(arguments: [true, false])
    func `of an upload that stops on its way nothing stays, whether its client waits or leaves`(
        leaves: Bool
    ) async throws {
        let site = try HostileSite()
        let client = await site.server.connect()
        await client.send(
            HostileSite.head(
                "POST /form/", HostileSite.good + ["Content-Type: \(Request.multipart)", "Content-Length: 100000"])
                + Self.file + Self.file)
        await site.until { site.folder.nameless > 0 }
        #expect(site.folder.nameless > 0)
        if leaves {
            await client.abort()
        } else {
            // The time of the body begins anew where the disk takes its own.
            for _ in 0..<100 where client.end == .open { await site.server.clock.advance(by: .seconds(31)) }
        }
        await site.until { client.end != .open && site.folder.nameless == 0 && site.server.connectionCount == 0 }
        #expect(site.folder.nameless == 0 && site.server.connectionCount == 0)
        if !leaves { #expect(client.text.hasPrefix("HTTP/1.1 408 ")) }
        await site.server.stop()
    }
}
