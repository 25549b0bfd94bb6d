import Glibc
import Strait

/// Sends to the group `measured` for a while and prints how much of that a second of CPU pays for. For measuring.
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
        let layer = try getChannelLayer()
        let message: LayerMessage = ["type": "chat.message", "text": .string(String(repeating: "x", count: 64))]
        _ = try await send(message, to: layer, for: Self.warmUp)
        let before = Self.usedCPU
        let sent = try await send(message, to: layer, for: seconds)
        let used = Self.usedCPU - before
        let rate = Double(sent) / used
        let words = "\(sent) sends, \(Int(rate)) a CPU second, \((used / Double(sent) * 1e8).rounded() / 100) us of CPU each"
        context.print(isQuiet ? "\(Int(rate))" : words)
    }

    private func send(
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
