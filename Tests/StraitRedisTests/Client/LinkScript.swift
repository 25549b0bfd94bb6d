import StraitCore
import StraitTesting

@testable import StraitRedis

/// A link to a ``ScriptedRedis``. It records the link's events in order.
final class LinkScript: Sendable {
    let redis = ScriptedRedis()
    private let link: LoopOwned<RedisLink>
    private let calls: Calls

    /// SAFETY: `@unchecked Sendable` is sound because it is accessed only on the loop.
    private final class Calls: @unchecked Sendable {
        var all: [String: RedisCall] = [:]
    }

    /// - Parameter change: Changes the time limits. By default, commands time out after 5 seconds and reconnecting is
    ///   not delayed.
    init(
        _ host: RedisHost = .server(RedisAddress(host: "10.0.0.9")),
        _ change: (inout RedisTimeLimits) -> Void = { _ in }
    )
        async
    {
        var limits = RedisTimeLimits()
        limits.reconnect.first = .zero
        limits.reconnect.longest = .zero
        change(&limits)
        calls = Calls()
        link = LoopOwned(loop: redis.loop)
        let link = RedisLink(
            host, name: "test", loop: redis.loop, dialer: redis, limits: limits, log: Log(level: .error),
            generator: SeededGenerator(seed: 1))
        let journal = redis.journal
        link.established = { _ in journal.note("established") }
        link.lost = { journal.note("lost: \($0)") }
        link.failed = { journal.note("failed: \($0)") }
        self.link.begin(link)
    }

    /// All events so far.
    var lines: [String] { redis.journal.lines }

    /// The events after the first `count`.
    func lines(since count: Int) -> [String] { Array(redis.journal.lines.dropFirst(count)) }

    private func perform(_ body: @escaping @Sendable (RedisLink) -> Void) async {
        link.perform(body)
        await redis.clock.idle()
    }

    /// Calls commands, with their words separated by spaces, all in one turn.
    func call(_ commands: String...) async {
        await perform { [calls, journal = redis.journal] link in
            for command in commands {
                let words = command.split(separator: " ").map(String.init)
                calls.all[command] = link.call(
                    RedisCommand(words[0], words.dropFirst().map(RedisArgument.string))
                ) { result in
                    switch result {
                    case .success(let value): journal.note("\(command) -> \(value.string ?? "\(value)")")
                    case .failure(.cancelled): journal.note("\(command) -> cancelled")
                    case .failure(.unavailable(let text)): journal.note("\(command) -> unavailable: \(text)")
                    case .failure(.lost(let text)): journal.note("\(command) -> lost: \(text)")
                    case .failure(.refused(let error)): journal.note("\(command) -> refused: \(error.message)")
                    case .failure(.overloaded(let text)): journal.note("\(command) -> overloaded: \(text)")
                    }
                }
            }
        }
    }

    /// Runs the script with the source `source`.
    func run(_ source: String) async {
        await perform { [journal = redis.journal] link in
            link.run(RedisScript(source), keys: ["key"], ["argument"]) { result in
                journal.note("script -> \((try? result.get())?.string ?? "\(result)")")
            }
        }
    }

    func cancel(_ command: String) async { await perform { [calls] _ in calls.all[command]?.cancel() } }

    func close() async { await perform { $0.close() } }

    /// Connects, and returns the number of events so far.
    func connect() async -> Int {
        await call("PING")
        await redis.greet()
        await redis.say("+PONG\r\n")
        return lines.count
    }
}
