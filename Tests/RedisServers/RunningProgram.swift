import Foundation

/// A program that runs during a test and whose output is read line by line. It is killed when the last reference to
/// it is released and when this process ends.
public final class RunningProgram: Sendable {
    private let child: ChildProcess

    /// The end of a program.
    public struct End: Sendable {
        /// Its exit code, or the number of the signal that ended it.
        public let code: Int32
        /// Whether a signal ended it.
        public let wasKilled: Bool
        /// The part of standard error that was not read.
        public let errors: String
    }

    /// Starts `program`, the path of an executable.
    ///
    /// - Parameters:
    ///   - environment: Variables to add to this process's environment.
    ///   - folder: The working directory. The default is this process's.
    ///   - input: A descriptor for its standard input. By default the input is empty.
    ///   - descriptors: The limit on open descriptors. The default is this process's.
    /// - Throws: ``RedisServerFailure`` if it cannot be started.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        input: Int32? = nil, descriptors: Int? = nil
    ) throws {
        var words = [program] + arguments
        if let descriptors { words = ["/bin/sh", "-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\""] + words }
        child = try ChildProcess(
            words[0], Array(words.dropFirst()), environment: environment, in: folder, inherited: input,
            separatesErrors: true)
        if input == nil { child.closeInput() }
    }

    deinit {
        child.signal(SIGKILL)
        child.closeInput()
    }

    /// Its process ID.
    public var process: Int32 { child.process }

    /// Whether the program is still running.
    public var isRunning: Bool { child.exit.now == nil }

    /// Returns the next line of standard output, or the rest at its end.
    public func line() async -> String { await child.output.next() }

    /// Returns the next line of standard error, or the rest at its end.
    public func errorLine() async -> String { await child.errors.next() }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { child.signal(number) }

    /// Kills the program and returns when it has ended.
    public func kill() async {
        child.signal(SIGKILL)
        _ = await child.exit.value
    }

    /// Waits until the program ends. Kills it if it hangs for two minutes.
    public func end() async -> End {
        let timer = DispatchSource.makeTimerSource()
        defer { timer.cancel() }
        timer.schedule(deadline: .now() + .seconds(120))
        timer.setEventHandler { [child] in child.signal(SIGKILL) }
        timer.resume()
        let status = await child.exit.value
        let signal = status & 0x7F
        return End(
            code: signal == 0 ? status >> 8 & 0xFF : signal, wasKilled: signal != 0,
            errors: await child.errors.remainder())
    }
}
