import StraitCommandLine
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWeb
import Testing

@testable import Strait

private struct Empty: Site {}

private struct Configured: Site {
    var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.serverName = "mine"
        configuration.pingInterval = .seconds(7)
        return configuration
    }
}

/// A service that notes its start and its stop.
private final class Notes: Service {
    let lines = Lines()
    func start(in services: Services) async throws { lines.append("starts") }
    func stop() async { lines.append("stops") }
}

private struct Hooked: Site {
    static let notes = Notes()
    func services(_ settings: Settings) -> [any Service] { [Self.notes] }
}

private final class Unreachable: Service {
    func start(in services: Services) async throws { throw CommandError("The database does not answer.") }
    func stop() async { Issue.record("A service that did not start must not be stopped.") }
}

private struct Unready: Site {
    func services(_ settings: Settings) -> [any Service] { [Unreachable()] }
}

private struct Broken: Site {
    var routes: [Route] { path("a/<int:id") { _ in .notFound } }
}

@Suite struct SiteTests {
    @Test func `an empty site has working defaults`() async throws {
        let site = Empty()
        #expect(site.routes.isEmpty && site.commands.isEmpty)
        #expect(site.configuration.serverName == "strait")
    }

    @Test func `the site's configuration applies if the command line sets nothing`() throws {
        let configuration = try RunServer().configuration(Configured().configuration)
        #expect(configuration.serverName == "mine")
        #expect(configuration.pingInterval == .seconds(7))
        #expect(configuration.messageLimits == .init())
    }

    @Test func `the command line overrides the site's configuration`() throws {
        var command = RunServer()
        try OptionParser(options: RunServer.options).parse(
            [
                "--no-server-name", "--ping-interval", "0.5", "--ping-timeout", "2", "--max-message-size", "2M",
                "--max-frame-size=4K", "--root-path", "/app/", "--handshake-timeout", "3", "--head-timeout", "4",
                "--body-timeout", "5", "--keep-alive-timeout", "6", "--stop-timeout", "7",
                "--proxy-headers", "10.0.0.1,0:0::1,unix,10.1.0.0/16",
            ], into: &command)
        let configuration = try command.configuration(Configured().configuration)
        #expect(configuration.serverName == nil)
        #expect(configuration.pingInterval == .milliseconds(500))
        #expect(configuration.pingTimeout == .seconds(2))
        #expect(configuration.messageLimits == .init(frame: 4096, message: 2 << 20))
        #expect(configuration.rootPath == "/app")
        #expect(configuration.handshakeTimeout == .seconds(3))
        #expect(configuration.headTimeout == .seconds(4))
        #expect(configuration.bodyTimeout == .seconds(5))
        #expect(configuration.keepAliveTimeout == .seconds(6))
        #expect(configuration.stopTimeout == .seconds(7))
        #expect(configuration.proxies == TrustedProxies(["10.0.0.1", "::1", "unix", "10.1.0.0/16"]))
    }

    @Test func `the frame limit is the message limit unless it is given`() throws {
        var command = RunServer()
        try OptionParser(options: RunServer.options).parse(["--max-message-size", "4M"], into: &command)
        // A browser sends a message in one frame.
        let limits = try command.configuration(Empty().configuration).messageLimits
        #expect(limits.message == 4 << 20 && limits.frame == nil)
    }

    @Test func `an invalid route prevents the start, and the error names it`() async {
        let run = await ProgramRun.of(Broken(), "runserver --port 0")
        #expect(run.code == 1 && run.output.isEmpty)
        #expect(run.errors.count == 1 && run.errors[0].contains("a/<int:id"))
    }

    @Test func `services start before the server and stop after it`() async throws {
        let (errors, listener) = (Lines(), RawSocket.listening())
        defer { RawSocket(descriptor: listener.descriptor).end() }
        let program = Program(
            name: "mysite", site: Hooked(), environment: ["DEBUG": "true"], output: { Hooked.notes.lines.append($0) },
            errors: { errors.append($0) })
        #expect(await program.run(["--port", "\(listener.port)", "--loops", "1"]) == 1)
        #expect(errors.all.count == 1)
        #expect(Hooked.notes.lines.all == ["starts", "stops"])
    }

    @Test func `the server does not start if a service fails to start`() async throws {
        #expect(
            await ProgramRun.of(Unready(), "runserver --port 0 --loops 1")
                == ProgramRun(code: 1, output: [], errors: ["mysite: The database does not answer."]))
    }

    @Test func `the error for a descriptor that is given twice names it`() async throws {
        #expect(
            await ProgramRun.of(Empty(), "--fd 3 --fd 4 --fd 3")
                == ProgramRun(
                    code: 2, output: [], errors: ["mysite: --fd 3 was given twice. Give each descriptor once."]))
    }

    @Test(
        arguments: [
            ("8080", nil, 8080), ("0.0.0.0:8080", "0.0.0.0", 8080), ("[::1]:0", "::1", 0),
            ("localhost:80", "localhost", 80),
        ] as [(String, String?, Int)])
    func `runserver takes a port, or a host and a port, as in Django`(word: String, host: String?, port: Int) throws {
        var command = RunServer()
        try OptionParser(options: RunServer.options).parse([word], into: &command)
        #expect(command.address?.host == host && command.address?.port == port)
    }

    @Test(arguments: ["x", "80 81", ":80", "::1:80", "a:", "65536"])
    func `an invalid address argument is rejected`(words: String) async {
        let run = await ProgramRun.of(Empty(), "runserver " + words)
        #expect(run.code == 2 && run.errors.count == 1)
    }

    @Test func `an address argument cannot be combined with --host or --port`() async {
        #expect(
            await ProgramRun.of(Empty(), "runserver 8080 --port 80").errors
                == ["mysite: [HOST:]PORT cannot be combined with --host or --port. Give one or the other."])
        #expect(
            await ProgramRun.of(Empty(), "runserver x").errors
                == [
                    "mysite: [HOST:]PORT takes a port, or a host and a port: 8080, 0.0.0.0:8080 or [::1]:8080, not 'x'."
                ])
    }
}
