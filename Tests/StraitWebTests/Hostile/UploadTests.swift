import FormScripts
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import TestFolders
import Testing

/// Form bodies that are too large or malformed.
@Suite(.serialized) struct UploadTests {
    private static let urlencoded = "application/x-www-form-urlencoded"
    private static let file = part("name=f; filename=x", String(repeating: "x", count: 1000))

    @Test(arguments: [
        (urlencoded, "a=1&b=2", 200, "2 fields, 0 files"),
        (Request.multipart, part("name=a") + file + "--b--", 200, "1 fields, 1 files"),
        (
            urlencoded, String(repeating: "a=1&", count: 10_000), 413,
            "The form has more fields than the limit of 1000. Send fewer.\n"
        ),
        (
            urlencoded, "a=" + String(repeating: "x", count: 3_000_000), 413,
            "The body is larger than the limit of 2621440 bytes. Send less, or send large data as a file.\n"
        ),
        (
            Request.multipart, file + String(repeating: part("name=a"), count: 10_000) + "--b--", 413,
            "The form has more fields than the limit of 1000. Send fewer.\n"
        ),
        (
            Request.multipart, String(repeating: file, count: 101) + "--b--", 413,
            "The form has more files than the limit of 100. Send fewer at a time.\n"
        ),
        (
            Request.multipart, file + part("name=a", String(repeating: "x", count: 3_000_000)) + "--b--", 413,
            "The form's fields are larger than the limit of 2621440 bytes. Send large data as a file.\n"
        ),
        (
            Request.multipart, file + file, 400,
            "The multipart body ends without its closing boundary: send all of it, up to '--boundary--'.\n"
        ),
        (
            Request.multipart, file + "--b\r\n--b\r\n" + part("name=a") + "--b--", 400,
            """
            A part has an invalid header line. Send 'name: value' in UTF-8 without control characters, ended by \
            CRLF.\n
            """
        ),
        (
            Request.multipart, file + "--bb\r\n" + part("name=a") + "--b--", 400,
            """
            A boundary in the multipart body has text after it. Send CRLF after a boundary, and '--' after the last \
            one.\n
            """
        ),
        (
            Request.multipart + "; boundary=c", part("name=a") + "--b--", 400,
            """
            The multipart Content-Type has no valid boundary. A boundary has 1 to 70 letters, digits, spaces and \
            '()+_,-./:=? (RFC 2046 §5.1.1). Let the browser or the client's library choose it.\n
            """
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
            "A part's name or file name contains a control character. Rename the file.\n"
        ),
        (
            Request.multipart, file + coded("base64", "eA==") + "--b--", 400,
            """
            A part has the Content-Transfer-Encoding "base64", which HTTP does not use (RFC 7578 §4.7). Send the \
            bytes unencoded.\n
            """
        ),
        (
            Request.multipart, file + coded("quoted-printable", "=78") + "--b--", 400,
            """
            A part has the Content-Transfer-Encoding "quoted-printable", which HTTP does not use (RFC 7578 §4.7). \
            Send the bytes unencoded.\n
            """
        ),
        (Request.multipart, coded("8bit", "x") + "--b--", 200, "1 fields, 0 files"),
        (
            "text/plain", "a=1", 415,
            """
            A body of type "text/plain" is not accepted here. Send a form (application/x-www-form-urlencoded or \
            multipart/form-data) or, if it is accepted, application/json.\n
            """
        ),
    ])
    func `a form is accepted, or rejected with an error that says what to send instead`(
        type: String, body: String, status: Int, text: String
    ) async throws {
        let site = try HostileSite()
        let answer = await site.ask(HostileSite.post(type, body))
        #expect(answer.status == status && answer.body == text)
        // The same body in chunks, without a Content-Length.
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

    @Test func `a body whose Content-Length is too large is rejected before it arrives`() async throws {
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
    func `an interrupted upload leaves nothing behind, whether the client waits or disconnects`(
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
            // The body's timeout starts again after each wait for the disk.
            for _ in 0..<100 where client.end == .open { await site.server.clock.advance(by: .seconds(31)) }
        }
        await site.until { client.end != .open && site.folder.nameless == 0 && site.server.connectionCount == 0 }
        #expect(site.folder.nameless == 0 && site.server.connectionCount == 0)
        if !leaves { #expect(client.text.hasPrefix("HTTP/1.1 408 ")) }
        await site.server.stop()
    }
}
