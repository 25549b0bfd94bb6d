import Foundation
import Synchronization

/// A program that was run to its end, without input.
public struct Errand: Sendable {
    /// What it printed, on standard output and error.
    public let text: String
    /// Its exit code, or the number of the signal that ended it with a minus.
    public let code: Int32
    /// Whether it was ended because it took too long.
    public let wasLate: Bool

    /// Runs `program`, the path of an executable, for `limit` seconds at most. No thread waits for it.
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
