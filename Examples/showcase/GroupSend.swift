import Glibc
import Strait
import StraitCore

/// Sends to the group `measured` as a handler does, and prints the sends per CPU second. For benchmarks.
struct GroupSend: Command {
    static let name = "groupsend"
    static let summary = "Measures the CPU time of sending to a group."

    var seconds: Duration = .seconds(3)
    var isQuiet = false

    static var options: [CommandOption<GroupSend>] {
        [
            .value("--seconds", "SECONDS", "How long to send; 3 unless given.", \.seconds),
            .flag("--quiet", "Whether to print only the sends per CPU second.", \.isQuiet),
        ]
    }

    /// Time that is not counted, in which the layer connects and Redis loads its scripts.
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
        context.print(isQuiet ? "\(rate)" : "\(sent) sends, \(rate) per CPU second, \(each) us of CPU each")
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

    /// The CPU time of this process, in seconds.
    private static var usedCPU: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
