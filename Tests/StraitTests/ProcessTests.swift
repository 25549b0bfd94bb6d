import Foundation
import RedisServers
import StraitTesting
import Testing

@Suite(.serialized, .timeLimit(.minutes(20))) struct ProcessTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func `the server runs until SIGINT or SIGTERM`(signal: Int32) async throws {
        let program = try Executable("--port", "0", "--loops", "1", "--no-access-log")
        let line = await program.line()
        let port = try program.port(in: line)
        #expect(
            line == "Strait 0.1.0 serves http://127.0.0.1:\(port)/ on 1 loop; stop it with Ctrl-C.")
        program.signal(signal)
        #expect(await program.line() == "Stopping; a second Ctrl-C ends at once.")
        let end = await program.end()
        #expect(end.code == 0 && !end.wasKilled && end.errors.isEmpty)
    }

    @Test func `a port in use is a one-line error`() async throws {
        let first = try Executable("--port", "0", "--loops", "1")
        let port = try first.port(in: await first.line())
        let second = try Executable("--port", "\(port)")
        let end = await second.end()
        #expect(end.code == 1)
        #expect(
            end.errors
                == """
                showcase: Another process already uses 127.0.0.1:\(port). Stop it, or choose another port with \
                --port.\n
                """
        )
    }

    @Test func `an unknown option is a one-line error`() async throws {
        let end = try await Executable("runserver", "--prot", "1").end()
        #expect(end.code == 2)
        #expect(end.errors == "showcase: There is no option --prot. Did you mean --port? --help lists all.\n")
    }

    @Test(arguments: [(nil, 0o666), ("0660", 0o660)] as [(String?, Int)])
    func `the server listens on several addresses, and its Unix socket has the given mode`(
        mode: String?, permissions: Int
    ) async throws {
        let path = "/tmp/strait-\(getpid()).sock"
        let words = ["--port", "0", "--unix-socket", path, "--loops", "1", "--root-path", "/app"]
        let program = try Executable(words + (mode.map { ["--unix-socket-mode", $0] } ?? []))
        let line = await program.line()
        #expect(line.contains("/app/, unix:\(path) on 1 loop;"))
        let facts = try FileManager.default.attributesOfItem(atPath: path)
        #expect(facts[.posixPermissions] as? Int == permissions)
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `the server raises its descriptor limit to the hard limit`() async throws {
        let program = try Executable("--port", "0", "--loops", "1")
        _ = await program.line()
        let limits = try String(contentsOfFile: "/proc/\(program.process)/limits", encoding: .utf8)
        let files = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        let words = files.split(separator: " ")
        #expect(words[3] == words[4])
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
    }

    @Test func `the server serves an inherited descriptor`() async throws {
        let (descriptor, port) = RawSocket.listening()
        let program = try Executable(
            "--fd", "0", "--loops", "1", "--no-access-log", "--server-name", "mine",
            input: descriptor)
        close(descriptor)
        #expect(
            await program.line() == "Strait 0.1.0 serves http://127.0.0.1:\(port)/ on 1 loop; stop it with Ctrl-C.")
        let caller = try #require(RawSocket.connect(port: port))
        caller.send(RawSocket.request)
        let answer = caller.receiveText()
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.lowercased().contains("\r\nserver: mine\r\n"))
        caller.end()
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
    }

    @Test func `a second signal ends the server at once`() async throws {
        let program = try Executable("--port", "0", "--loops", "1", "--no-access-log")
        let port = try program.port(in: await program.line())
        let caller = try #require(RawSocket.connect(port: port))
        // A socket whose client does not answer the close frame keeps a stopping server waiting.
        caller.send(
            "GET /ws/echo/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        #expect(caller.receiveText().hasPrefix("HTTP/1.1 101 "))
        program.signal(SIGINT)
        #expect(await program.line() == "Stopping; a second Ctrl-C ends at once.")
        program.signal(SIGINT)
        let end = await program.end()
        #expect(end.wasKilled && end.code == SIGINT)
        caller.end()
    }

    @Test func `without free descriptors, connections wait and the log says so once`() async throws {
        let program = try Executable("--port", "0", "--loops", "1", "--no-access-log", descriptors: 40)
        let port = try program.port(in: await program.line())
        let callers = try (0..<50).map { _ in try #require(RawSocket.connect(port: port)) }
        let line = await program.errorLine()
        #expect(
            line.hasSuffix(
                """
                 ERROR Connections wait at 127.0.0.1:\(port): Too many open files. They are accepted when others end; \
                raise the limit with ulimit -n.
                """
            ))
        for caller in callers.dropLast() { caller.end() }
        callers[49].send(RawSocket.request)
        #expect(callers[49].receiveText().hasPrefix("HTTP/1.1 200 OK\r\n"))
        callers[49].end()
        program.signal(SIGTERM)
        let end = await program.end()
        #expect(end.code == 0 && end.errors.isEmpty, "\(end.code): \(end.errors)")
    }

    @Test func `silent connections make room for one that sends a request`() async throws {
        let program = try Executable("--port", "0", "--loops", "1", "--no-access-log", descriptors: 40)
        let port = try program.port(in: await program.line())
        let silent = try (0..<60).map { _ in try #require(RawSocket.connect(port: port)) }
        let caller = try #require(RawSocket.connect(port: port))
        caller.send(RawSocket.request)
        #expect(caller.receiveText().hasPrefix("HTTP/1.1 200 OK\r\n"))
        for socket in silent + [caller] { socket.end() }
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
    }

    @Test func `too many loops for the descriptor limit is a one-line error`() async throws {
        let end = try await Executable("--port", "0", "--loops", "100", descriptors: 64).end()
        #expect(end.code == 1)
        #expect(
            end.errors
                == """
                showcase: The process may open 64 descriptors, and 100 loops need 232. Raise the limit with ulimit -n, \
                or use fewer --loops.\n
                """
        )
    }

    @Test func `the server spreads connections over its loops`() async throws {
        let program = try Executable("--port", "0", "--loops", "2", "--no-access-log")
        let port = try program.port(in: await program.line())
        let callers = try (0..<8).map { _ in try #require(RawSocket.connect(port: port)) }
        for caller in callers {
            caller.send(RawSocket.request)
            #expect(caller.receiveText().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
        // A poller lists the descriptors that its loop watches: the wake-up descriptor, the listening socket, and half
        // of the connections, or one more if both loops accepted at the same time.
        let folder = "/proc/\(program.process)"
        let watched = try FileManager.default.contentsOfDirectory(atPath: folder + "/fd").compactMap { name -> Int? in
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/fd/" + name)
            guard link?.contains("eventpoll") == true else { return nil }
            let information = try String(contentsOfFile: folder + "/fdinfo/" + name, encoding: .utf8)
            return information.split(separator: "\n").count { $0.hasPrefix("tfd:") }
        }
        let loops = watched.filter { $0 > 3 }
        #expect(loops.reduce(0, +) == 12 && loops.allSatisfy { (5...7).contains($0) }, "\(watched)")
        for caller in callers { caller.end() }
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
    }

    @Test func `an IPv6 host is printed as a URL`() async throws {
        let program = try Executable("--host", "::1", "--port", "0", "--loops", "1")
        let line = await program.line()
        // On a machine without IPv6, the program ends with an error.
        if line.isEmpty {
            let end = await program.end()
            #expect(end.code == 1 && end.errors.hasPrefix("showcase: Listening at [::1]:0 failed: "))
        } else {
            #expect(line.firstMatch(of: /serves http:\/\/\[::1\]:[0-9]+\/ on 1 loop;/) != nil)
            program.signal(SIGTERM)
            #expect(await program.end().code == 0)
        }
    }
}
