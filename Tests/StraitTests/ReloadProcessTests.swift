import Foundation
import RedisServers
import StraitTesting
import Testing

/// `runserver --reload` of the built program, in a package of its own whose compiler is a script: it writes down what it
/// was called with, and fails while there is a file `broken`.
@Suite(.timeLimit(.minutes(20))) struct ReloadProcessTests {
    private static let compiler = """
        #!/bin/sh
        cd "$(dirname "$0")/.."
        echo "$@" >>.built
        [ ! -e broken ]
        """

    /// How the page at `/` is answered, on a connection of its own; nil where nobody listens.
    private static func status(_ port: Int) -> String? {
        guard let socket = RawSocket.connect(port: port) else { return nil }
        defer { socket.end() }
        socket.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        let text = socket.receiveText()
        return text.split(separator: "\r\n").first.map(String.init)
    }

    /// The processes that `parent` has started and that run.
    private static func children(of parent: Int32) throws -> [Int32] {
        let path = "/proc/\(parent)/task"
        return try FileManager.default.contentsOfDirectory(atPath: path).flatMap { thread in
            try String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8).split(separator: " ")
                .compactMap { Int32($0) }
        }
    }

    @Test
    func `a change builds and starts the server anew, nobody is refused, and what does not build changes nothing`()
        async throws
    {
        let folder = try ProgramFolder([
            "Package.swift": "", "Sources/a.swift": "", "bin/swift": Self.compiler, ".build/debug/placeholder": "",
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bin/swift")
        let copy = URL(fileURLWithPath: folder.path + "/.build/debug/showcase")
        // By a process of its own: a program that another test starts here would hold the file open for writing.
        _ = try await Errand.run("/bin/cp", [Executable.program.path, copy.path], environment: [:], limit: 600)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let program = try Executable(
            ["runserver", "--reload", "--port", "0", "--loops", "1", "--no-access-log"],
            environment: ["DEBUG": "true", "PATH": "\(folder.path)/bin:\(path)"], in: folder.path, copy: copy)
        // Both say something in the same place, in either order.
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
        // Whoever asks meanwhile waits for the next one.
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        #expect(try program.port(in: await line(" serves ")) == port)
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        let second = try Self.children(of: program.process)
        #expect(second.count == 1 && second != first)
        #expect(folder.text(".built") == "build --package-path \(folder.path) --product showcase\n")

        try folder.write("", to: "broken")
        #expect(
            await line("not build").hasSuffix(
                "It does not build; what was there goes on. Change a file to build again."))
        #expect(Self.status(port) == "HTTP/1.1 200 OK")
        #expect(try Self.children(of: program.process) == second)

        kill(second[0], SIGKILL)
        #expect(
            await line("ended").hasSuffix("The server has ended by itself. Change a file to build and start it again."))
        try FileManager.default.removeItem(atPath: folder.path + "/broken")
        #expect(try program.port(in: await line(" serves ")) == port)
        #expect(Self.status(port) == "HTTP/1.1 200 OK")

        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
        #expect(Self.status(port) == nil)
    }
}
