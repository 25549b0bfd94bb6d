import Foundation
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// A folder for one test.
private final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/strait-files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct Files {
    private let script = ServerScript()
    private let folder: Folder
    private let file: String
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    init() throws {
        folder = try Folder()
        file = folder.path + "/file"
    }

    private func append(_ count: Int) throws {
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(repeating: 121, count: count))
        try handle.close()
    }

    @Test func `of a file that grows while it is sent as much is sent as was announced (RFC 9112 §6.3)`() async throws {
        try Data(repeating: 120, count: 200_000).write(to: URL(fileURLWithPath: file))
        try script.serve { [file] _ in .file(file) }
        let client = await script.connect(NetworkConditions(capacity: 10_000))
        await client.pauseReading()
        await client.send(get)
        await client.readOnce()
        await script.until { !client.bytes.isEmpty }
        try append(100_000)
        await client.resumeReading()
        await script.until { script.access.lines.count == 1 }
        #expect(client.text.hasSuffix("\r\n\r\n" + String(repeating: "x", count: 200_000)))
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" 200 200000"#])
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        await script.until { script.access.lines.count == 2 }
        #expect(client.end == .open)
        #expect(script.log.lines == [])
    }

    @Test func `a pipe or a socket is no file, and is not waited for`() async throws {
        #expect(unsafe mkfifo(file, 0o600) == 0)
        try script.serve { [file] _ in .file(file) }
        let client = await script.connect()
        await client.send(get)
        await script.until { client.text != "" }
        #expect(client.text.hasPrefix("HTTP/1.1 404 "))
        #expect(script.log.lines == [])
    }

    @Test func `a file that is there and cannot be opened is answered with 500, and logged`() async throws {
        // A link to itself.
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file)
        try script.serve { [file] _ in .file(file) }
        let client = await script.connect()
        await client.send(get)
        await script.until { client.text != "" }
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == [
                "error The response to / failed: Opening the file \(file) failed: Too many levels of symbolic links."
            ])
    }
}
