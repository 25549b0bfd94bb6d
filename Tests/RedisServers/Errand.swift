import Foundation
import Synchronization

/// The result of a program that ran to completion without input.
public struct Errand: Sendable {
    /// Its standard output and standard error.
    public let text: String
    /// Its exit code, or the negated number of the signal that ended it.
    public let code: Int32
    /// Whether it was killed because it exceeded the time limit.
    public let wasLate: Bool

    /// Runs `program`, the path of an executable, for at most `limit` seconds. No thread waits for it.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], limit: Int
    ) async throws -> Errand {
        let child = try ChildProcess(program, arguments, environment: environment)
        child.closeInput()
        let wasLate = Mutex(false)
        let timer = DispatchSource.makeTimerSource()
        defer { timer.cancel() }
        timer.schedule(deadline: .now() + .seconds(limit))
        timer.setEventHandler {
            wasLate.withLock { $0 = true }
            child.signal(SIGKILL)
        }
        timer.resume()
        await child.end()
        let status = await child.exit.value
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
        return Errand(text: child.output.text, code: code, wasLate: wasLate.withLock { $0 })
    }
}
