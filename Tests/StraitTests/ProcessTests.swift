import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct ProcessTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func servesUntilItIsToldToStop(signal: Int32) throws {
        let program = try Executable("--port", "0", "--loops", "1", "--no-access-log")
        let line = program.line()
        let port = try program.port(in: line)
        #expect(
            line == "Strait 0.1.0 serves http://127.0.0.1:\(port)/ on 1 loop; stop it with Ctrl-C.")
        program.signal(signal)
        #expect(program.line() == "Stopping; a second Ctrl-C ends at once.")
        let end = program.end()
        #expect(end.code == 0 && !end.wasKilled && end.errors.isEmpty)
    }

    @Test func aTakenPortIsOneLine() throws {
        let first = try Executable("--port", "0", "--loops", "1")
        let port = try first.port(in: first.line())
        let second = try Executable("--port", "\(port)")
        let end = second.end()
        #expect(end.code == 1)
        #expect(
            end.errors
                == "showcase: 127.0.0.1:\(port) is taken by another process. Stop it, or choose another port with --port.\n"
        )
    }

    @Test func aWrongOptionIsOneLine() throws {
        let end = try Executable("runserver", "--prot", "1").end()
        #expect(end.code == 2)
        #expect(end.errors == "showcase: There is no option --prot. Did you mean --port? --help lists all.\n")
    }

    @Test func listensAtSeveralPlaces() throws {
        let path = "/tmp/strait-\(getpid()).sock"
        let program = try Executable("--port", "0", "--unix-socket", path, "--loops", "1", "--root-path", "/app")
        let line = program.line()
        #expect(line.contains("/app/, unix:\(path) on 1 loop;"))
        #expect(FileManager.default.fileExists(atPath: path))
        program.signal(SIGTERM)
        #expect(program.end().code == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func raisesTheNumberOfDescriptorsToItsHardLimit() throws {
        let program = try Executable("--port", "0", "--loops", "1")
        _ = program.line()
        let limits = try String(contentsOfFile: "/proc/\(program.process.processIdentifier)/limits", encoding: .utf8)
        let files = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        let words = files.split(separator: " ")
        #expect(words[3] == words[4])
        program.signal(SIGTERM)
        #expect(program.end().code == 0)
    }
}
