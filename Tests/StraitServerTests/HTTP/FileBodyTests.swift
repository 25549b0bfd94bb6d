import Foundation
import StraitCore
import StraitHTTP
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

    @Test func `a file that grows while it is sent is sent with its announced length (RFC 9112 §6.3)`() async throws {
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

    @Test func `a named pipe gets 404 without blocking`() async throws {
        #expect(unsafe mkfifo(file, 0o600) == 0)
        try script.serve { [file] _ in .file(file) }
        let client = await script.connect()
        await client.send(get)
        await script.until { client.text != "" }
        #expect(client.text.hasPrefix("HTTP/1.1 404 "))
        #expect(script.log.lines == [])
    }

    @Test func `a file path with a NUL gets 404`() async throws {
        try Data("secret".utf8).write(to: URL(fileURLWithPath: file))
        try script.serve { [file] _ in .file(file + "\0.png") }
        let client = await script.connect()
        await client.send(get)
        await script.until { client.text != "" }
        #expect(client.text.hasPrefix("HTTP/1.1 404 "))
        #expect(script.log.lines == [])
    }

    @Test func `a file that cannot be opened gets 500 and is logged`() async throws {
        // A symbolic link to itself.
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file)
        try script.serve { [file] _ in .file(file) }
        let client = await script.connect()
        await client.send(get)
        await script.until { client.text != "" }
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == [
                "error The response failed: Opening the file \(file) failed: Too many levels of symbolic links. path=/"
            ])
    }

    /// Serves a file of 26 letters. Returns the response to a request with the header lines `fields`.
    private func answer(_ fields: String, method: String = "GET") async throws -> String {
        try Data("abcdefghijklmnopqrstuvwxyz".utf8).write(to: URL(fileURLWithPath: file))
        try script.serve { [file] _ in .file(file, type: .text) }
        let client = await script.connect()
        await client.send("\(method) / HTTP/1.1\r\nHost: site\r\n\(fields)\r\n")
        await script.until { script.access.lines.count == 1 }
        #expect(client.end == .open && script.log.lines == [])
        return client.text
    }

    private func field(_ name: String, of answer: String) -> String? {
        answer.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func `a file response has an ETag, a date and Accept-Ranges (RFC 9110 §8.8, §14.3)`() async throws {
        let answer = try await answer("")
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\nabcdefghijklmnopqrstuvwxyz"))
        #expect(field("Accept-Ranges", of: answer) == "bytes")
        #expect(field("Etag", of: answer)?.hasSuffix("-1a\"") == true)
        #expect(field("Last-Modified", of: answer).flatMap { HTTPDate(parsing: $0) } != nil)
    }

    @Test(arguments: [
        ("bytes=0-2", "abc", "bytes 0-2/26"), ("bytes=-3", "xyz", "bytes 23-25/26"),
        ("bytes=24-", "yz", "bytes 24-25/26"),
    ])
    func `a range request gets that part of the file (RFC 9110 §15.3.7)`(
        range: String, body: String, place: String
    ) async throws {
        let answer = try await answer("Range: \(range)\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 206 ") && answer.hasSuffix("\r\n\r\n" + body))
        #expect(field("Content-Range", of: answer) == place)
        #expect(field("Content-Length", of: answer) == "\(body.count)")
    }

    @Test func `a range outside the file gets 416 with the file's size (RFC 9110 §15.5.17)`() async throws {
        let answer = try await answer("Range: bytes=26-\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 416 ") && field("Content-Range", of: answer) == "bytes */26")
    }

    @Test func `a file that the client has cached gets 304 (RFC 9110 §15.4.5)`() async throws {
        let answer = try await answer("If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 304 ") && answer.hasSuffix("\r\n\r\n"))
        #expect(field("Etag", of: answer) != nil && field("Content-Type", of: answer) == nil)
    }

    @Test func `a HEAD request for a file ignores ranges and gets the file's length (RFC 9110 §9.3.2)`() async throws {
        let answer = try await answer("Range: bytes=0-2\r\n", method: "HEAD")
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\n"))
        #expect(field("Content-Length", of: answer) == "26")
    }

    // MARK: sendfile

    /// Bytes that depend on their position.
    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    }

    /// Runs the blocking `body` on its own thread, because the threads of the pool read the files.
    private func blocking<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    @Test func `pipelined requests for a large file, whole and in part, are answered in order`()
        async throws
    {
        let bytes = Self.pattern(3_000_001)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let routes = try URLRouter { [file] in path("") { _ in .file(file) } }
        let requests =
            get + "GET / HTTP/1.1\r\nHost: site\r\nRange: bytes=1000000-2500000\r\n\r\n"
            + "GET /x HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n"
        try await LiveServer.run(routes) { server in
            guard case .internet(_, let port) = server.address else { return }
            let all = await blocking {
                var all: [UInt8] = []
                guard let socket = RawSocket.connect(port: port) else { return all }
                socket.send(requests)
                while let piece = socket.receive(), !piece.isEmpty { all += piece }
                socket.end()
                return all
            }
            let end = Array("\r\n\r\n".utf8)
            let whole = try #require(all.firstRange(of: end)).upperBound
            #expect(all[whole..<whole + bytes.count].elementsEqual(bytes))
            let rest = Array(all[(whole + bytes.count)...])
            let part = try #require(rest.firstRange(of: end)).upperBound
            #expect(rest.starts(with: "HTTP/1.1 206 ".utf8))
            #expect(rest[part..<part + 1_500_001].elementsEqual(bytes[1_000_000...2_500_000]))
            #expect(rest[(part + 1_500_001)...].starts(with: "HTTP/1.1 404 ".utf8))
        }
    }

    @Test func `a client that disconnects during a file ends the transfer`() async throws {
        try Data(Self.pattern(8_000_000)).write(to: URL(fileURLWithPath: file))
        let routes = try URLRouter { [file] in path("") { _ in .file(file) } }
        // Stopping the server waits for the last connection.
        try await LiveServer.run(routes) { server in
            guard case .internet(_, let port) = server.address else { return }
            await blocking { [get] in
                for _ in 0..<10 {
                    guard let socket = RawSocket.connect(port: port) else { return }
                    socket.send(get)
                    _ = socket.receive(100_000)
                    socket.reset()
                }
            }
        }
    }
}
