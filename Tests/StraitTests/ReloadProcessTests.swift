import Foundation
import RedisServers
import StraitTesting
import Testing

/// `runserver --reload` of the built program in a temporary package. The package's compiler is a script that records
/// its arguments, and fails while a file `broken` exists.
@Suite(.timeLimit(.minutes(20))) struct ReloadProcessTests {
    private static let compiler = """
        #!/bin/sh
        cd "$(dirname "$0")/.."
        echo "$@" >>.built
        [ ! -e broken ]
        """

    /// Returns the status line of the page at `/`, requested on a new connection; nil if no server listens.
    private static func status(_ port: Int) -> String? {
        guard let socket = RawSocket.connect(port: port) else { return nil }
        defer { socket.end() }
        socket.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        let text = socket.receiveText()
        return text.split(separator: "\r\n").first.map(String.init)
    }

    /// Returns the running child processes of `parent`.
    private static func children(of parent: Int32) throws -> [Int32] {
        let path = "/proc/\(parent)/task"
        return try FileManager.default.contentsOfDirectory(atPath: path).flatMap { thread in
            try String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8).split(separator: " ")
                .compactMap { Int32($0) }
        }
    }

    @Test
    func `a change rebuilds and restarts the server without refused connections, unless the build fails`()
        async throws
    {
        let folder = try ProgramFolder([
            "Package.swift": "", "Sources/a.swift": "", "bin/swift": Self.compiler, ".build/debug/placeholder": "",
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bin/swift")
        let copy = URL(fileURLWithPath: folder.path + "/.build/debug/showcase")
        // Copied by another process, because a program started by a concurrent test would hold the file open for
        // writing.
        _ = try await Errand.run("/bin/cp", [Executable.program.path, copy.path], environment: [:], limit: 600)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let program = try Executable(
            ["runserver", "--reload", "--port", "0", "--loops", "1", "--no-access-log"],
            environment: ["DEBUG": "true", "PATH": "\(folder.path)/bin:\(path)"], in: folder.path, copy: copy)
        // Two processes print to the same output, in either order.
        func line(_ beginning: String) async -> String {
            var line = await program.line()
            while !line.isEmpty, !line.contains(beginning) { line = await program.line() }
            return line
        }
        let port = try program.port(in: await line(" serves "))
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        let first = try Self.children(of: program.process)
        #expect(first.count == 1)

        try folder.write("// changed", to: "Sources/a.swift")
        #expect(await line("building").hasSuffix("Sources/a.swift has changed; building …"))
        // A request during the build waits for the next server.
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        #expect(try program.port(in: await line(" serves ")) == port)
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        let second = try Self.children(of: program.process)
        #expect(second.count == 1 && second != first)
        #expect(folder.text(".built") == "build --package-path \(folder.path) --product showcase\n")

        try folder.write("", to: "broken")
        #expect(
            await line("build failed").hasSuffix(
                "The build failed; the previous server keeps running. Change a file to build again."))
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        #expect(try Self.children(of: program.process) == second)

        kill(second[0], SIGKILL)
        #expect(
            await line("exited").hasSuffix("The server exited. Change a file to rebuild and restart it."))
        try FileManager.default.removeItem(atPath: folder.path + "/broken")
        #expect(try program.port(in: await line(" serves ")) == port)
        #expect(Self.status(port) == "HTTP/1.1 200 OK")

        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
        #expect(Self.status(port) == nil)
    }
}
