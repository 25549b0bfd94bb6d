import StraitCore
import StraitTesting
import Testing

@testable import StraitRedis

/// Commands and their replies, across connections that open and fail.
@Suite struct `Redis links` {
    // MARK: Replies

    @Test func `the first command opens a connection, and commands wait for it in order`() async {
        let script = await LinkScript()
        #expect(script.lines == [])
        await script.call("GET a", "GET b")
        await script.call("GET c")
        #expect(script.lines == ["dial", "HELLO 3"])
        await script.redis.greet()
        #expect(
            script.lines.dropFirst(2) == ["CLIENT SETNAME test", "established", "GET a", "GET b", "GET c"])
        await script.redis.say("+1\r\n+2\r\n+3\r\n")
        #expect(script.lines.suffix(3) == ["GET a -> 1", "GET b -> 2", "GET c -> 3"])
    }

    @Test func `replies are matched to commands in order, however the bytes are split`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a", "GET b")
        for piece in ["$3\r", "\none", "\r\n", "-ERR n", "o\r\n"] { await script.redis.say(piece) }
        await script.call("GET c")
        await script.redis.say("+3\r\n")
        #expect(
            script.lines(since: start) == [
                "GET a", "GET b", "GET a -> one", "GET b -> refused: ERR no", "GET c", "GET c -> 3",
            ])
    }

    @Test func `a reply timeout closes the connection and fails all waiting commands`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a")
        await script.redis.clock.advance(by: .seconds(3))
        await script.call("GET b")
        await script.redis.clock.advance(by: .seconds(1.9))
        #expect(script.lines(since: start) == ["GET a", "GET b"])
        await script.redis.clock.advance(by: .seconds(0.2))
        #expect(
            script.lines(since: start).dropFirst(2) == [
                "lost: Redis did not answer in time.", "GET a -> lost: Redis did not answer in time.",
                "GET b -> lost: Redis did not answer in time.", "dial", "closed", "HELLO 3",
            ])
    }

    @Test func `a server that answers each command in time keeps its connection`() async {
        let script = await LinkScript()
        let start = await script.connect()
        for _ in 0..<5 {
            await script.call("GET a")
            await script.redis.clock.advance(by: .seconds(4))
            await script.redis.say("+1\r\n")
        }
        #expect(script.lines(since: start) == Array(repeating: ["GET a", "GET a -> 1"], count: 5).flatMap { $0 })
    }

    @Test func `a cut within a reply fails that command and later ones without resending them`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a", "GET b", "GET c")
        await script.redis.say("+1\r\n$10\r\nhal")
        await script.redis.cut()
        let lines = script.lines(since: start)
        #expect(lines.prefix(4) == ["GET a", "GET b", "GET c", "GET a -> 1"])
        #expect(lines.count { $0.hasPrefix("GET b -> lost: ") } == 1)
        #expect(lines.count { $0.hasPrefix("GET c -> lost: ") } == 1)
        await script.redis.greet(8)
        #expect(!script.lines(since: start + lines.count).contains { $0.hasPrefix("GET") })
    }

    @Test func `a reply without a command closes the connection`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.redis.say("+surprise\r\n")
        #expect(script.lines(since: start).first == "lost: Redis sent a reply without a command.")
    }

    @Test func `bytes that are not a RESP reply close the connection`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a")
        await script.redis.say("HTTP/1.1 400 Bad Request\r\n")
        #expect(script.lines(since: start).contains { $0.hasPrefix("GET a -> lost: ") })
    }

    // MARK: Scripts

    @Test func `a script is sent by its hash, then in full if the server does not know the hash`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.run("return 1")
        await script.redis.say("-NOSCRIPT No matching script.\r\n")
        await script.redis.say("+one\r\n")
        await script.run("return 1")
        await script.redis.say("-ERR in the script\r\n")
        let hash = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
        #expect(
            script.lines(since: start).prefix(4) == [
                "EVALSHA \(hash) 1 key argument", "EVAL return 1 1 key argument", "script -> one",
                "EVALSHA \(hash) 1 key argument",
            ])
    }

    // MARK: Cancelling

    @Test func `a command that is cancelled before it is sent is never sent`() async {
        let script = await LinkScript()
        await script.call("GET a", "GET b", "GET c")
        await script.cancel("GET b")
        await script.redis.greet()
        await script.redis.say("+1\r\n+3\r\n")
        #expect(
            script.lines == [
                "dial", "HELLO 3", "GET b -> cancelled", "CLIENT SETNAME test", "established", "GET a", "GET c",
                "GET a -> 1", "GET c -> 3",
            ])
    }

    @Test func `the reply to a cancelled command is discarded, and later replies still match`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a", "GET b", "GET c")
        await script.cancel("GET b")
        await script.redis.say("+1\r\n+2\r\n+3\r\n")
        #expect(
            script.lines(since: start) == [
                "GET a", "GET b", "GET c", "GET b -> cancelled", "GET a -> 1", "GET c -> 3",
            ])
    }

    @Test func `cancelling twice, or after the reply, has no effect`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a")
        await script.redis.say("+1\r\n")
        await script.cancel("GET a")
        await script.cancel("GET a")
        #expect(script.lines(since: start) == ["GET a", "GET a -> 1"])
    }

    // MARK: Without a connection

    @Test func `a command that waits too long for a connection fails and is never sent`() async {
        let script = await LinkScript { $0.connect = .seconds(60) }
        await script.redis.set(.ignores)
        await script.call("GET a")
        await script.redis.clock.advance(by: .seconds(3))
        await script.call("GET b")
        await script.redis.clock.advance(by: .seconds(2))
        #expect(
            script.lines.dropFirst() == [
                """
                GET a -> unavailable: redis://10.0.0.9:6379/0 could not be reached, so the command was not sent. No \
                attempt to connect has ended yet.
                """
            ])
        await script.redis.clock.advance(by: .seconds(3))
        #expect(script.lines.last?.hasPrefix("GET b -> unavailable: ") == true)
    }

    @Test func `commands over the queue limit fail at once, and queued commands are still sent`() async {
        let script = await LinkScript()
        let large = String(repeating: "x", count: 5 << 20)
        await script.call("SET \(large)", "SET a\(large)", "GET b")
        let refused = script.lines.filter { $0.contains(" -> overloaded: ") }
        #expect(refused.count == 1)
        #expect(
            refused.first?.hasSuffix(
                """
                bytes of commands already wait for a connection to redis://10.0.0.9:6379/0. No attempt to connect \
                has ended yet.
                """
            ) == true)
        await script.redis.greet()
        #expect(script.lines.filter { $0.hasPrefix("SET x") || $0 == "GET b" }.count == 2)
    }

    @Test func `cancelled commands do not count against the queue limit`() async {
        let script = await LinkScript()
        let large = String(repeating: "x", count: 5 << 20)
        for number in 0..<4 {
            await script.call("SET \(number)\(large)")
            await script.cancel("SET \(number)\(large)")
        }
        await script.call("SET \(large)", "GET b", "GET c")
        await script.cancel("GET b")
        await script.redis.greet()
        #expect(!script.lines.contains { $0.contains(" -> overloaded: ") })
        #expect(script.lines.suffix(2) == ["SET \(large)", "GET c"])
    }

    @Test func `a handshake that times out is retried`() async {
        let script = await LinkScript { $0.command = .seconds(60) }
        await script.call("GET a")
        await script.redis.clock.advance(by: .seconds(6))
        #expect(
            script.lines == [
                "dial", "HELLO 3", "failed: redis://10.0.0.9:6379/0 did not answer in 5.0 seconds.", "dial", "closed",
                "HELLO 3",
            ])
        await script.redis.greet()
        #expect(script.lines.last == "GET a")
    }

    @Test func `connecting to an unreachable server is retried with delays`() async {
        let script = await LinkScript {
            $0.reconnect.first = .seconds(1)
            $0.reconnect.longest = .seconds(1)
            $0.command = .seconds(60)
        }
        await script.redis.set(.refuses)
        await script.call("GET a")
        #expect(script.lines == ["dial", "failed: Nobody listens."])
        for _ in 0..<10 { await script.redis.clock.advance(by: .seconds(1)) }
        #expect((10...40).contains(script.lines.count { $0 == "dial" }))
        await script.redis.set(.accepts)
        await script.redis.clock.advance(by: .seconds(1))
        await script.redis.greet()
        #expect(script.lines.last == "GET a")
    }

    @Test func `a new connection kills the previous one`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.redis.cut()
        await script.redis.say("%1\r\n+id\r\n:8\r\n")
        await script.redis.say("+OK\r\n")
        await script.redis.say("$21\r\nid=7 addr= name=test \r\n")
        await script.redis.say(":1\r\n")
        #expect(
            script.lines(since: start).filter { $0.hasPrefix("CLIENT") || $0 == "established" } == [
                "CLIENT SETNAME test", "CLIENT LIST ID 7", "CLIENT KILL ID 7", "established",
            ])
    }

    @Test func `a closed link fails all waiting commands and rejects new ones`() async {
        let script = await LinkScript()
        let start = await script.connect()
        await script.call("GET a")
        await script.close()
        await script.call("GET b")
        #expect(
            script.lines(since: start) == [
                "GET a", "GET a -> lost: The layer was closed.", "closed",
                "GET b -> unavailable: The connection to Redis was closed.",
            ])
    }

    @Test func `closing a link during its handshake cancels the connection attempt`() async {
        let script = await LinkScript()
        await script.call("GET a")
        await script.close()
        #expect(script.lines == ["dial", "HELLO 3", "GET a -> unavailable: The layer was closed.", "closed"])
    }

    @Test func `an empty list of sentinels fails with an error that names the master`() async {
        let script = await LinkScript(.sentinels(RedisSentinels(masterName: "main", sentinels: []))) {
            $0.reconnect.first = .seconds(100)
            $0.reconnect.longest = .seconds(100)
        }
        await script.call("GET a")
        #expect(script.lines == ["failed: No sentinel knows where the master 'main' is. "])
    }

    // MARK: Delays

    @Test(arguments: Seeds(20))
    func `a delay is random below a bound that doubles with each attempt, up to the maximum`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let delay = RetryDelay()
        for number in 0..<40 {
            let bound = number < 6 ? Duration.milliseconds(50 << number) : .seconds(2)
            for _ in 0..<20 {
                let drawn = delay.delay(before: number, using: &generator)
                #expect(drawn >= .zero && drawn < min(bound, .seconds(2)), "seed \(seed)")
            }
        }
        // Processes must not all reconnect at the same moment.
        #expect(Set((0..<20).map { _ in delay.delay(before: 5, using: &generator) }).count > 10, "seed \(seed)")
    }
}
