import StraitCore
import Testing

@testable import StraitRedis

/// Tests the handshake as a value, without a connection.
@Suite struct `Redis handshakes` {
    /// Runs a handshake with `replies`. The lines are the commands that it sends, then `done` or the error.
    private func talk(
        _ address: RedisAddress, role: RedisHandshake.Role = .any, replacedID: Int? = nil,
        _ replies: Result<RedisValue, RedisFailure>...
    ) -> (lines: [String], handshake: RedisHandshake) {
        var handshake = RedisHandshake(address, role: role, name: "strait-x", replacedID: replacedID)
        var lines = [Self.text(handshake.first)]
        do throws(RedisFailure) {
            for reply in replies {
                switch try handshake.answered(reply) {
                case .send(let command): lines.append(Self.text(command))
                case .done: lines.append("done")
                }
            }
        } catch {
            lines.append(error.description)
        }
        return (lines, handshake)
    }

    private static func text(_ command: RedisCommand) -> String {
        ([command.name]
            + command.arguments.map { argument in
                switch argument {
                case .string(let text): text
                case .integer(let number): "\(number)"
                case .bytes(let bytes): "\(bytes)"
                }
            }).joined(separator: " ")
    }

    private static let hello = Result<RedisValue, RedisFailure>.success(
        .map([RedisValue.Pair(.bulk("server"), .bulk("redis")), RedisValue.Pair(.bulk("id"), .integer(12))]))
    private static let ok = Result<RedisValue, RedisFailure>.success(.simple("OK"))

    private static func refused(_ text: String) -> Result<RedisValue, RedisFailure> {
        .failure(.refused(RedisServerError(text)))
    }

    private var address: RedisAddress { RedisAddress(host: "redis.example") }

    private var secret: RedisAddress {
        var address = address
        address.password = "secret"
        return address
    }

    @Test func `the handshake requests RESP3 and names the connection`() {
        let (lines, handshake) = talk(address, Self.hello, Self.ok)
        #expect(lines == ["HELLO 3", "CLIENT SETNAME strait-x", "done"])
        #expect(handshake.knowsPushes)
        #expect(handshake.identity == 12)
    }

    @Test(arguments: ["ERR unknown command `HELLO`", "NOPROTO unsupported protocol version"])
    func `the handshake falls back to RESP2 if the server lacks RESP3`(refusal: String) {
        let (lines, handshake) = talk(address, Self.refused(refusal), .success(.integer(12)), Self.ok)
        #expect(lines == ["HELLO 3", "CLIENT ID", "CLIENT SETNAME strait-x", "done"])
        #expect(!handshake.knowsPushes)
        #expect(handshake.identity == 12)
    }

    @Test func `a server without CLIENT ID is accepted`() {
        let (lines, handshake) = talk(address, Self.refused("ERR unknown command"), Self.refused("ERR syntax"), Self.ok)
        #expect(lines == ["HELLO 3", "CLIENT ID", "CLIENT SETNAME strait-x", "done"])
        #expect(handshake.identity == nil)
    }

    @Test func `the connection ID is also read from a HELLO reply that is an array`() {
        let reply = RedisValue.array([.bulk("server"), .bulk("redis"), .bulk("id"), .integer(3)])
        #expect(talk(address, .success(reply)).handshake.identity == 3)
    }

    @Test func `HELLO carries the password, and the user name if there is one`() {
        #expect(talk(secret).lines == ["HELLO 3 AUTH default secret"])
        var address = secret
        address.username = "app"
        #expect(talk(address).lines == ["HELLO 3 AUTH app secret"])
    }

    @Test func `a server without RESP3 gets the password in a separate AUTH`() {
        #expect(
            talk(secret, Self.refused("ERR unknown command"), Self.ok, .success(.integer(1)), Self.ok).lines == [
                "HELLO 3 AUTH default secret", "AUTH secret", "CLIENT ID", "CLIENT SETNAME strait-x", "done",
            ])
        var address = secret
        address.username = "app"
        #expect(talk(address, Self.refused("ERR unknown command")).lines.last == "AUTH app secret")
    }

    @Test func `the error for a missing password says how to set it`() {
        #expect(
            talk(address, Self.refused("NOAUTH HELLO must be called with the client already authenticated")).lines.last
                == "redis://redis.example:6379/0 requires a password. Add it to the URL: redis://:password@host.")
    }

    @Test func `the error for a wrong password quotes the server and hides the password`() {
        let text = "WRONGPASS invalid username-password pair or user is disabled."
        #expect(talk(secret, Self.refused(text)).lines.last == "Redis refused a command: \(text)")
        #expect(
            talk(secret, Self.refused("ERR unknown"), Self.refused("ERR invalid password")).lines.last
                == "Redis refused a command: ERR invalid password")
    }

    @Test func `a database other than 0 is selected`() {
        var address = address
        address.database = 3
        #expect(
            talk(address, Self.hello, Self.ok, Self.ok).lines == [
                "HELLO 3", "SELECT 3", "CLIENT SETNAME strait-x", "done",
            ])
        #expect(
            talk(address, Self.hello, Self.refused("ERR DB index is out of range")).lines.last
                == "Redis refused a command: ERR DB index is out of range")
    }

    @Test func `a replica is rejected if the master is required`() {
        let replica = Result<RedisValue, RedisFailure>.success(.array([.bulk("slave"), .bulk("10.0.0.1")]))
        #expect(
            talk(address, role: .master, Self.hello, replica).lines == [
                "HELLO 3", "ROLE", "redis://redis.example:6379/0 is not the master, at least not yet.",
            ])
        let master = Result<RedisValue, RedisFailure>.success(.array([.bulk("master"), .integer(0), .array([])]))
        #expect(talk(address, role: .master, Self.hello, master, Self.ok).lines.last == "done")
    }

    @Test func `the previous connection is killed if it still has the same name`() {
        let client = Result<RedisValue, RedisFailure>.success(
            .verbatim(format: "txt", "id=9 addr=:0 name=strait-x age=3\n"))
        #expect(
            talk(address, replacedID: 9, Self.hello, Self.ok, client, .success(.integer(1))).lines == [
                "HELLO 3", "CLIENT SETNAME strait-x", "CLIENT LIST ID 9", "CLIENT KILL ID 9", "done",
            ])
        // It may have ended before the kill.
        #expect(
            talk(address, replacedID: 9, Self.hello, Self.ok, client, Self.refused("ERR No such client")).lines.last
                == "done")
    }

    @Test(arguments: ["", "id=9 addr=:0 name=strait-y age=3\n", "id=9 addr=:0 name=strait-xy age=3\n"])
    func `a connection that reuses the previous ID under another name is not killed`(list: String) {
        #expect(
            talk(address, replacedID: 9, Self.hello, Self.ok, .success(.bulk(list))).lines == [
                "HELLO 3", "CLIENT SETNAME strait-x", "CLIENT LIST ID 9", "done",
            ])
    }

    @Test func `a server that forbids CLIENT commands is accepted`() {
        let refused = Self.refused("NOPERM this user has no permissions to run the 'client' command")
        #expect(talk(address, replacedID: 9, Self.hello, refused, refused).lines.last == "done")
    }

    @Test func `a server that is still loading its data is rejected`() {
        let text = "LOADING Redis is loading the dataset in memory"
        #expect(talk(address, Self.refused(text)).lines.last == "Redis refused a command: \(text)")
    }
}
