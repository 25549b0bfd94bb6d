import StraitHTTP
import StraitNetwork
import StraitRouting
import Testing

@Suite struct Requests {
    private let script = ServerScript()

    @Test func `a page is answered with its length, a date and the server's name`() async throws {
        try script.serve { _ in .html("<p>hi</p>") }
        let client = await script.connect()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(
            client.text == "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9\r\n"
                + "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nServer: strait\r\n\r\n<p>hi</p>")
        #expect(client.end == .open)
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" 200 9"#])
    }
}
