import Foundation
import FoundationEssentials
import StraitCommandLine
import StraitCore
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

    /// Waits until the files stop changing, and returns them. An editor or a checkout may write several files in a row.
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

/// The package that a program was built from, derived from its path: `…/.build/debug/mysite`.
struct BuiltPackage: Equatable {
    /// The folder that contains `Package.swift`.
    let folder: String
    /// The program's name, which is the name of its product.
    let product: String
    /// Whether it is a release build.
    let isRelease: Bool

    /// Finds the package. Returns nil if the program is not in a package's `.build` folder.
    ///
    /// - Parameter exists: Whether a file exists at a path.
    init?(program: String, exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }) {
        let parts = program.split(separator: "/").map(String.init)
        guard let product = parts.last, let build = parts.lastIndex(of: ".build") else { return nil }
        let folder = "/" + parts[..<build].joined(separator: "/")
        guard exists(folder + "/Package.swift") else { return nil }
        self.folder = folder
        self.product = product
        isRelease = parts[build...].contains("release")
    }

    /// The arguments of `swift` that rebuild the program.
    var buildArguments: [String] {
        ["build", "--package-path", folder, "--product", product] + (isRelease ? ["-c", "release"] : [])
    }
}

/// The modification times of a program's source files. Comparing two trees shows whether a rebuild is needed.
struct SourceTree: Equatable {
    /// The time of each file's last change, by its path.
    private var files: [String: Date] = [:]

    /// Folders that contain only generated or downloaded files.
    private static let skipped: Set<String> = ["node_modules", "DerivedData"]

    /// Reads all files in `folder` and its subfolders except hidden ones, such as those in `.build`.
    ///
    /// - Parameter skipped: The paths of folders whose files need no build.
    init(of folder: String, except skipped: Set<String> = []) { add(folder, skipped) }

    private mutating func add(_ folder: String, _ skipped: Set<String>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            if name.hasPrefix(".") || name.hasSuffix("~") || Self.skipped.contains(name) { continue }
            let path = folder + "/" + name
            if skipped.contains(path) { continue }
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { continue }
            if facts[.type] as? FileAttributeType == .typeDirectory {
                add(path, skipped)
            } else if let date = facts[.modificationDate] as? Date {
                files[path] = date
            }
        }
    }

    /// Returns a file that differs from `other` or exists in only one of them. Returns nil if there is no difference.
    func firstChange(since other: SourceTree) -> String? {
        files.keys.sorted().first { files[$0] != other.files[$0] }
            ?? other.files.keys.sorted().first { files[$0] == nil }
    }
}
