internal import Foundation
internal import Glibc
internal import RedisServers

/// The programs of PostgreSQL, run as a user who may run them: PostgreSQL refuses root.
enum PostgresProgram {
    /// Returns the command line of a program.
    static func command(_ name: String, _ arguments: [String]) throws -> (program: String, words: [String]) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let newest = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
        guard
            let path = (newest + folders).map({ $0 + "/" + name }).first(where: {
                FileManager.default.isExecutableFile(atPath: $0)
            })
        else { throw PostgresServerFailure("There is no program \(name). Run scripts/peers.") }
        guard geteuid() == 0 else { return (path, arguments) }
        // The kernel forgets the signal when the user changes, so it is set again.
        let change = ["--pdeathsig", "KILL", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        return ("/usr/bin/setpriv", change + [path] + arguments)
    }

    /// Runs a program to its end and returns its output.
    @discardableResult
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let (program, words) = try command(name, arguments)
        let done = try await Errand.run(program, words, limit: 600)
        guard done.code == 0 else { throw PostgresServerFailure("\(name) failed: \(done.text)") }
        return done.text
    }

    /// Makes a folder that belongs to the programs' user. Returns a program that removes it, after the server in it,
    /// when this process has ended, which closes the program's input.
    static func makeFolder(_ path: String) async throws -> Dialogue {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // A child of the program, because the program itself is killed with this process. It ignores signals to the
        // process group, as from Control-C.
        let script = """
            exec 3<&0
            (trap '' HUP INT TERM
            cat <&3 >/dev/null
            server=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -9 $server && \
            while [ -e "/proc/$server/exe" ]; do sleep 0.05; done
            # Programs that are just ending may still write.
            for _ in 1 2 3 4 5; do rm -rf "$0"; sleep 1; [ -e "$0" ] || break; done) >/dev/null 2>&1 &
            """
        let cleaner = try Dialogue("/bin/sh", ["-c", script, path])
        if geteuid() == 0 {
            let owned = try await Errand.run("/usr/bin/env", ["chown", "postgres", path], limit: 60)
            guard owned.code == 0 else { throw PostgresServerFailure(owned.text) }
        }
        return cleaner
    }
}

/// An empty database cluster that servers copy, which is faster than `initdb`.
final class PostgresCluster: Sendable {
    private static let made = Task { try await PostgresCluster() }

    static var empty: PostgresCluster { get async throws { try await made.value } }

    /// The folder of the cluster.
    let data: String
    private let cleaner: Dialogue

    private init() async throws {
        let folder = "/tmp/strait-postgres-\(UUID().uuidString.prefix(8))"
        data = folder + "/data"
        cleaner = try await PostgresProgram.makeFolder(folder)
        let arguments = ["-D", data, "-U", PostgresServer.user, "-E", "UTF8", "--locale=C", "-N", "--auth=trust"]
        try await PostgresProgram.run("initdb", arguments)
    }
}

/// An error while starting or using a server for tests.
package struct PostgresServerFailure: Error, CustomStringConvertible {
    /// The cause, such as a program's last output.
    package let description: String
    package init(_ description: String) { self.description = description }
}
