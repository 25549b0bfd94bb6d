import Foundation
import StraitCommandLine
import StraitNetwork
import Synchronization

/// Runs the server as a process of its own, builds the program anew when a file of it changes, and starts the new one in
/// the old one's place. The port is kept open here all the while: who connects in between waits, and is not refused.
struct ReloadingServer {
    let package: BuiltPackage
    let program: String
    /// The words of the command line, which the server is started with again.
    let arguments: [String]
    /// The listening socket.
    let socket: Int32
    /// The folders that the server reads with each request, so that a change in them needs no build.
    let readFolders: Set<String>
    let say: @Sendable (String) -> Void

    /// What tells the server that it is the one that was started here, and listens at its descriptor 0.
    static let variable = "STRAIT_RELOADED"

    /// How often the files are looked at.
    private static let interval = Duration.milliseconds(300)

    /// Goes on until `stop` is told to.
    func run(until stop: StopSignal) async throws {
        let isStopped = StopFlag()
        Task {
            await stop.wait()
            isStopped.set()
        }
        var tree = sources()
        var server = try start()
        var isRunning = true
        while !isStopped.isSet {
            try await Task.sleep(for: Self.interval)
            if isRunning, !server.isRunning, !isStopped.isSet {
                isRunning = false
                say("The server has ended by itself. Change a file to build and start it again.")
            }
            let current = sources()
            guard let change = current.firstChange(since: tree) else { continue }
            tree = try await settled(current)
            say("\(change.dropFirst(package.folder.count + 1)) has changed; building …")
            guard try build() else {
                say("It does not build; what was there goes on. Change a file to build again.")
                continue
            }
            end(server)
            server = try start()
            isRunning = true
        }
        end(server)
    }

    private func sources() -> SourceTree { SourceTree(of: package.folder, except: readFolders) }

    /// Files as they are once they stand still: an editor or a checkout writes several.
    private func settled(_ tree: SourceTree) async throws -> SourceTree {
        var last = tree
        while true {
            try await Task.sleep(for: .milliseconds(100))
            let next = sources()
            if next == last { return next }
            last = next
        }
    }

    private func build() throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["swift"] + package.buildArguments
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { throw CommandError("swift could not be started: \(error).") }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private func start() throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging([Self.variable: "1"]) { $1 }
        process.standardInput = FileHandle(fileDescriptor: socket, closeOnDealloc: false)
        do { try process.run() } catch { throw CommandError("\(program) could not be started: \(error).") }
        return process
    }

    private func end(_ process: Process) {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}

/// Whether something is over; set once.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
