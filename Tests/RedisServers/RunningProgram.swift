import Foundation

/// A program that runs beside a test, whose lines are read one after the other. It is killed with the last reference to
/// it, and with this process.
public final class RunningProgram: Sendable {
    private let child: ChildProcess

    /// How a program ended.
    public struct End: Sendable {
        /// Its exit code, or the number of the signal that ended it.
        public let code: Int32
        /// Whether a signal ended it.
        public let wasKilled: Bool
        /// What it printed on standard error and was not read.
        public let errors: String
    }

    /// Starts `program`, the path of an executable.
    ///
    /// - Parameters:
    ///   - environment: Variables over those of this process.
    ///   - folder: The working directory; this process's unless given.
    ///   - input: A descriptor that becomes its standard input; nothing to read unless given.
    ///   - descriptors: How many descriptors it may open; as many as this process unless given.
    /// - Throws: ``RedisServerFailure``.
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

    /// Whether it has not ended.
    public var isRunning: Bool { child.exit.now == nil }

    /// The next line of standard output, or what is left at its end.
    public func line() async -> String { await child.output.next() }

    /// The next line of standard error, or what is left at its end.
    public func errorLine() async -> String { await child.errors.next() }

    /// Sends it a signal.
    public func signal(_ number: Int32) { child.signal(number) }

    /// Kills it, and returns when it has ended.
    public func kill() async {
        child.signal(SIGKILL)
        _ = await child.exit.value
    }

    /// Waits for its end. A program that hangs is killed after two minutes.
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
