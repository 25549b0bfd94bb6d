import Foundation
import Synchronization

/// A running program, with a pipe for its input and one for its output.
///
/// Tests do not use Foundation's `Process`: it waits in a run loop, which spins endlessly beside Swift Testing's exit
/// test monitor. Its `FileHandle` crashes if pipes open and close quickly. The kernel kills the program if this
/// process ends first.
final class ChildProcess: Sendable {
    /// The program's process ID.
    let process: Int32
    /// The program's standard output, including standard error unless that is separate.
    let output = PrintedLines()
    /// The program's standard error, if that is separate.
    let errors = PrintedLines()
    /// The exit status that `waitpid` reports.
    let exit = ExitStatus()
    private let input: Mutex<Int32>

    /// Starts `program`, the path of an executable.
    ///
    /// - Parameters:
    ///   - folder: The working directory. The default is this process's.
    ///   - inherited: A descriptor for its standard input, instead of a pipe. The caller keeps and closes it.
    ///   - separatesErrors: Whether standard error goes to ``errors``.
    /// - Throws: ``RedisServerFailure`` if it cannot be started.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], in folder: String? = nil,
        inherited: Int32? = nil, separatesErrors: Bool = false
    ) throws {
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let words = Self.dyingWithUs([program] + arguments, in: folder)
        let started: Result<Started, RedisServerFailure> = Spawner.shared.run {
            Self.start(words, all, inherited: inherited, separatesErrors: separatesErrors)
        }
        let pipes = try started.get()
        process = pipes.process
        input = Mutex(pipes.input)
        let (output, errors, exit, process) = (self.output, self.errors, self.exit, self.process)
        Thread.detachNewThread { Self.read(pipes.output, output) }
        if let descriptor = pipes.errors {
            Thread.detachNewThread { Self.read(descriptor, errors) }
        } else {
            errors.end()
        }
        // Reaps the program at once, even if another process still holds its output.
        Thread.detachNewThread {
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            exit.set(status)
        }
    }

    /// The command line of a program that is killed when its starting thread ends. That thread lives as long as this
    /// process.
    private static func dyingWithUs(_ words: [String], in folder: String?) -> [String] {
        let command = ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + words
        guard let folder else { return command }
        return ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder] + command
    }

    private static func read(_ descriptor: Int32, _ lines: PrintedLines) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            lines.take(buffer[..<count])
        }
        close(descriptor)
        lines.end()
    }

    /// Writes to its input.
    func write(_ text: String) throws {
        var bytes = ArraySlice(Array(text.utf8))
        try input.withLock { input in
            while !bytes.isEmpty {
                let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(input, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw RedisServerFailure("The program has closed its input.") }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// Closes its input. Other processes that hold its output may continue.
    func closeInput() {
        input.withLock { input in
            if input >= 0 { close(input) }
            input = -1
        }
    }

    /// Sends it a signal, unless it has ended.
    func signal(_ number: Int32) {
        exit.unlessSet { kill(process, number) }
    }

    /// Returns when the program and every process that holds its output have ended. No thread waits for that.
    func end() async {
        _ = await output.first { _ in false }
        _ = await errors.first { _ in false }
        _ = await exit.value
    }

    // MARK: Starting

    private struct Started: Sendable {
        let process: Int32
        let input: Int32
        let output: Int32
        let errors: Int32?
    }

    private static func start(
        _ words: [String], _ environment: [String], inherited: Int32?, separatesErrors: Bool
    ) -> Result<Started, RedisServerFailure> {
        guard let input = pipe(), let output = pipe(), let errors = separatesErrors ? pipe() : output else {
            return .failure(RedisServerFailure("Creating a pipe failed."))
        }
        let (process, code) = spawn(
            words, environment, input: inherited ?? input.read, output: output.write, errors: errors.write)
        close(input.read)
        close(output.write)
        if separatesErrors { close(errors.write) }
        guard code == 0 else {
            close(input.write)
            close(output.read)
            if separatesErrors { close(errors.read) }
            return .failure(RedisServerFailure("Starting \(words) failed: errno \(code)."))
        }
        return .success(
            Started(
                process: process, input: input.write, output: output.read, errors: separatesErrors ? errors.read : nil))
    }

    private static func pipe() -> (read: Int32, write: Int32)? {
        var descriptors: [Int32] = [0, 0]
        guard unsafe Glibc.pipe(&descriptors) == 0 else { return nil }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return (descriptors[0], descriptors[1])
    }

    /// Starts the program. Returns its process ID and 0, or an error code.
    private static func spawn(
        _ arguments: [String], _ environment: [String], input: Int32, output: Int32, errors: Int32
    ) -> (Int32, Int32) {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Swift's threads block signals, and the program would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        var process: Int32 = 0
        let code = unsafe posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
        for index in unsafe words.indices { unsafe free(words[index]) }
        for index in unsafe variables.indices { unsafe free(variables[index]) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        return (process, code)
    }
}

/// A program's exit status. It is set once.
final class ExitStatus: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    func set(_ status: Int32) {
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    /// Calls `body` if the program is running, so that its process ID cannot have been reused.
    func unlessSet(_ body: () -> Void) {
        state.withLock { if $0.status == nil { body() } }
    }

    /// The status from `waitpid`, or nil while the program runs.
    var now: Int32? { state.withLock { $0.status } }

    /// The status from `waitpid`, when the program has ended.
    var value: Int32 {
        get async {
            await withCheckedContinuation { continuation in
                let now: Int32? = state.withLock { state in
                    if state.status == nil { state.waiting.append(continuation) }
                    return state.status
                }
                if let now { continuation.resume(returning: now) }
            }
        }
    }
}

/// The only thread that starts programs. A program is killed when its starting thread ends, so this thread lives as
/// long as the process. It starts one program at a time, so that no program inherits another's pipes.
private final class Spawner: Sendable {
    static let shared = Spawner()
    private let queue = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)

    init() {
        Thread.detachNewThread { [self] in
            while true {
                available.wait()
                let next = queue.withLock { $0.removeFirst() }
                next()
            }
        }
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let result = Mutex<Value?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        queue.withLock {
            $0.append {
                let value = body()
                result.withLock { $0 = value }
                isDone.signal()
            }
        }
        available.signal()
        isDone.wait()
        guard let value = result.withLock({ $0 }) else { preconditionFailure("The body has run.") }
        return value
    }
}
