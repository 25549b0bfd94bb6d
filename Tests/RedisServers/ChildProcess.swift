import Foundation
import Synchronization

/// A program that was started, with a pipe as its input and one for what it prints.
///
/// Foundation's `Process` waits in a run loop, which holds up a thread that tests need, and its `FileHandle` ends the
/// process where pipes come and go quickly.
final class ChildProcess: Sendable {
    /// The program's process id.
    let process: Int32
    /// What it prints.
    let output = PrintedLines()
    private let input: Mutex<Int32>
    /// One starts at a time, so that none inherits the other's pipes before they are marked as not to be inherited.
    private static let starting = NSLock()

    /// Starts `program`, the path of an executable.
    ///
    /// - Throws: ``RedisServerFailure``.
    init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
        Self.starting.lock()
        defer { Self.starting.unlock() }
        let (input, output) = (try Self.pipe(), try Self.pipe())
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let code: Int32
        (process, code) = Self.spawn(
            [program] + arguments, all.map { "\($0)=\($1)" }, input: input.read, output: output.write)
        close(input.read)
        close(output.write)
        self.input = Mutex(input.write)
        guard code == 0 else {
            close(input.write)
            close(output.read)
            throw RedisServerFailure("\(program) could not be started: \(code).")
        }
        let (lines, process) = (self.output, process)
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = unsafe read(output.read, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                lines.take(buffer[..<count])
            }
            close(output.read)
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            lines.end(status)
        }
    }

    /// Writes to its input.
    func write(_ text: String) throws {
        var bytes = ArraySlice(Array(text.utf8))
        try input.withLock { input in
            while !bytes.isEmpty {
                let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(input, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw RedisServerFailure("The program takes no input any more.") }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// Ends its input. Who has its output may still be at work.
    func closeInput() {
        input.withLock { input in
            if input >= 0 { close(input) }
            input = -1
        }
    }

    /// Returns when it has ended, and everybody who has its output. No thread waits for that.
    func end() async { _ = await output.first { _ in false } }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var descriptors: [Int32] = [0, 0]
        guard unsafe Glibc.pipe(&descriptors) == 0 else { throw RedisServerFailure("A pipe could not be had.") }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return (descriptors[0], descriptors[1])
    }

    /// The process and 0, or an error's code.
    private static func spawn(
        _ arguments: [String], _ environment: [String], input: Int32, output: Int32
    ) -> (Int32, Int32) {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        // Threads of Swift's have signals blocked, which a program would inherit.
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
