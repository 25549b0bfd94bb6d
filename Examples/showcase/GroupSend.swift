import Glibc
import Strait
import StraitNetwork

/// Sends to the group `measured` for a while, as a handler does, and prints how much of that a second of CPU pays for.
/// For measuring.
struct GroupSend: Command {
    static let name = "groupsend"
    static let summary = "Measures what sending to a group costs."

    var seconds: Duration = .seconds(3)
    var isQuiet = false

    static var options: [CommandOption<GroupSend>] {
        [
            .value("--seconds", "SECONDS", "For how long; 3 unless given.", \.seconds),
            .flag("--quiet", "Whether only the number is printed.", \.isQuiet),
        ]
    }

    /// What is not counted: connecting, and scripts that Redis reads for the first time.
    private static let warmUp: Duration = .seconds(1)

    func run(_ context: CommandContext) async throws {
        let layer = try context.getChannelLayer()
        let message: LayerMessage = ["type": "chat.message", "text": .string(String(repeating: "x", count: 64))]
        let loop = EventLoop()
        loop.start()
        defer { loop.stop() }
        let result = await Self.measure(message, layer, seconds, loop.isolation)
        let (sent, used) = try result.get()
        let rate = Int(Double(sent) / used)
        let each = (used / Double(sent) * 1e8).rounded() / 100
        context.print(isQuiet ? "\(rate)" : "\(sent) sends, \(rate) a CPU second, \(each) us of CPU each")
    }

    private static func measure(
        _ message: LayerMessage, _ layer: any ChannelLayer, _ seconds: Duration, _ isolation: isolated LoopIsolation
    ) async -> Result<(sent: Int, used: Double), any Error> {
        do {
            _ = try await send(message, to: layer, for: warmUp)
            let before = usedCPU
            let sent = try await send(message, to: layer, for: seconds)
            return .success((sent, usedCPU - before))
        } catch {
            return .failure(error)
        }
    }

    private static func send(
        _ message: LayerMessage, to layer: any ChannelLayer, for duration: Duration
    ) async throws -> Int {
        let clock = ContinuousClock()
        let end = clock.now + duration
        var sent = 0
        while clock.now < end {
            try await layer.groupSend("measured", message)
            sent += 1
        }
        return sent
    }

    /// Seconds of CPU that this process has used.
    private static var usedCPU: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
