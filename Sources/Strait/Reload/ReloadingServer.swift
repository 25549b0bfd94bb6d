import Foundation
import StraitCommandLine
import StraitNetwork
import Synchronization

/// A development server that runs the site in a child process. When a file changes, it rebuilds the program and
/// replaces the child process.
///
/// This process keeps the listening socket open, so clients that connect during a restart wait and are not refused.
struct ReloadingServer {
    let package: BuiltPackage
    let program: String
    /// The command line's arguments, which each child process gets.
    let arguments: [String]
    /// The listening socket.
    let socket: Int32
    /// The folders that the server reads for each request. Changes in them need no build.
    let readFolders: Set<String>
    let say: @Sendable (String) -> Void

    /// The environment variable that marks a child process, which listens on descriptor 0.
    static let variable = "STRAIT_RELOADED"

    /// The interval between checks for changed files.
    private static let interval = Duration.milliseconds(300)

    /// Runs until `stop` is signalled.
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
                say("The server exited. Change a file to rebuild and restart it.")
            }
            let current = sources()
            guard let change = current.firstChange(since: tree) else { continue }
            tree = try await settled(current)
            say("\(change.dropFirst(package.folder.count + 1)) has changed; building …")
            guard try build() else {
                say("The build failed; the previous server keeps running. Change a file to build again.")
                continue
            }
            end(server)
            server = try start()
            isRunning = true
        }
        end(server)
    }

    private func sources() -> SourceTree { SourceTree(of: package.folder, except: readFolders) }

    /// Waits until the files stop changing, because an editor or a checkout writes several files, and returns them.
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

/// A flag that can be set once.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
