import Foundation
import Testing

/// The server's allocations and system calls for a page, a message and a connection. Unlike times, they hardly depend
/// on the machine. A change that makes a request more expensive therefore fails here.
///
/// The limits are for the unoptimized build that the tests use. `BENCH=http make bench` prints the counts of the
/// release build. Lower a limit when a count falls.
@Suite(.serialized) struct CountTests {
    /// The counts of one operation, rounded.
    private struct Counts {
        let allocations: Double
        let calls: Double
    }

    /// Measures `operation` of `counts.py` on its own server.
    private func count(_ operation: String) async throws -> Counts {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strait-counts-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = folder.appendingPathComponent("counts.so").path
        let file = folder.appendingPathComponent("counts").path
        try await Peer.run("cc", ["-shared", "-fPIC", "-O2", "-o", library, Checkout.peer("counts/counts.c"), "-ldl"])
        let (results, yield) = AsyncStream.makeStream(of: String.self)
        try await ShowcaseServer.run(
            options: ["--bench", "--log-level", "warning"],
            environment: [
                "LD_PRELOAD": library, "COUNTS": file, "ALLOWED_HOSTS": "*",
                "SECRET_KEY": "for a count alone, and long enough to be a secret key of this site",
            ]
        ) { server in
            yield.yield(try await Peer.python("counts/counts.py", server.host, file, operation))
        }
        yield.finish()
        var text = ""
        for await result in results { text += result }
        let match = try #require(
            text.firstMatch(of: /allocations=([0-9.]+) calls=([0-9.]+)/), "counts.py printed: \(text)")
        return Counts(allocations: try #require(Double(match.1)), calls: try #require(Double(match.2)))
    }

    @Test func `a page exceeds neither its allocation nor its system call limit`() async throws {
        let counts = try await count("page")
        #expect(counts.allocations <= 63)
        // The server waits, receives and sends.
        #expect(counts.calls <= 3.2)
    }

    @Test func `a message exceeds neither its allocation nor its system call limit`() async throws {
        let counts = try await count("message")
        #expect(counts.allocations <= 2)
        #expect(counts.calls <= 3.2)
    }

    @Test func `a connection exceeds neither its allocation nor its system call limit`() async throws {
        let counts = try await count("connection")
        #expect(counts.allocations <= 144)
        // The accepting and the serving loop wake each other. The number of calls depends on which is first.
        #expect(counts.calls <= 16)
    }
}
