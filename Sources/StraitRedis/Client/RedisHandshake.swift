/// What is said to a Redis server before the first command of ours: who we are, which protocol, which database. A value
/// without I/O: commands out, replies in.
package struct RedisHandshake {
    /// What is to be done next.
    package enum Step: Equatable {
        /// This is to be sent, and ``answered(_:)`` called with the reply.
        case send(RedisCommand)
        case done
    }

    /// What the server is needed for.
    package enum Role: Sendable {
        case any
        /// It has to be the master: what a sentinel said may be out of date.
        case master
    }

    private enum Stage {
        case hello, authentication, identity, database, role, naming, former, eviction, done
    }

    private let address: RedisAddress
    private let role: Role
    private let name: String
    private let former: Int?
    private var stage = Stage.hello
    /// Whether the server knows RESP3.
    package private(set) var knowsPushes = true
    /// The number that the server gave this connection; nil where it does not tell.
    package private(set) var identity: Int?

    /// - Parameters:
    ///   - name: The connection's name, which no other has: without spaces.
    ///   - former: The number of the connection that this one replaces, which had the same name. The server may not
    ///     have noticed that it is over, and would go on handing it messages: it is ended first.
    package init(_ address: RedisAddress, role: Role = .any, name: String, former: Int? = nil) {
        self.address = address
        self.role = role
        self.name = name
        self.former = former
    }

    /// The first thing to send.
    package var first: RedisCommand {
        var arguments: [RedisArgument] = [3]
        if let password = address.password {
            arguments += ["AUTH", .string(address.username ?? "default"), .string(password)]
        }
        return RedisCommand("HELLO", arguments)
    }

    /// Takes the reply to what was sent last.
    ///
    /// - Throws: Why this server cannot be used, for now at least.
    package mutating func answered(_ reply: Result<RedisValue, RedisFailure>) throws(RedisFailure) -> Step {
        switch stage {
        case .hello:
            do throws(RedisFailure) {
                identity = Self.number("id", in: try reply.get())
                return afterIdentity()
            } catch .refused(let error) where error.code == "ERR" || error.code == "NOPROTO" {
                // Before Redis 6.
                knowsPushes = false
                return afterHello()
            } catch .refused(let error) where error.code == "NOAUTH" {
                throw .unavailable("\(address) asks for a password. Give its address one: redis://:password@host.")
            }
        case .authentication:
            _ = try reply.get()
            stage = .identity
            return .send(RedisCommand("CLIENT", ["ID"]))
        case .identity:
            identity = try? reply.get().integer
            return afterIdentity()
        case .database:
            _ = try reply.get()
            return afterDatabase()
        case .role:
            guard try reply.get().elements?.first?.string == "master" else {
                throw .unavailable("\(address) is not the master, at least not yet.")
            }
            return afterRole()
        case .naming:
            // Without a right to name ourselves we go without.
            guard let former else { return finish() }
            stage = .former
            return .send(RedisCommand("CLIENT", ["LIST", "ID", .integer(former)]))
        case .former:
            // A server that was started anew has given the number to somebody else.
            guard let former, let clients = try? reply.get().string, clients.contains(" name=\(name) ") else {
                return finish()
            }
            stage = .eviction
            return .send(RedisCommand("CLIENT", ["KILL", "ID", .integer(former)]))
        case .eviction:
            // It was gone already, or may not be ended by us: then it ends when its read does.
            return finish()
        case .done: return .done
        }
    }

    private mutating func afterHello() -> Step {
        guard let password = address.password else {
            stage = .identity
            return .send(RedisCommand("CLIENT", ["ID"]))
        }
        stage = .authentication
        var arguments: [RedisArgument] = []
        if let username = address.username { arguments.append(.string(username)) }
        return .send(RedisCommand("AUTH", arguments + [.string(password)]))
    }

    private mutating func afterIdentity() -> Step {
        guard address.database != 0 else { return afterDatabase() }
        stage = .database
        return .send(RedisCommand("SELECT", [.integer(address.database)]))
    }

    private mutating func afterDatabase() -> Step {
        guard role == .master else { return afterRole() }
        stage = .role
        return .send(RedisCommand("ROLE"))
    }

    private mutating func afterRole() -> Step {
        stage = .naming
        return .send(RedisCommand("CLIENT", ["SETNAME", .string(name)]))
    }

    private mutating func finish() -> Step {
        stage = .done
        return .done
    }

    private static func number(_ key: String, in reply: RedisValue) -> Int? {
        switch reply {
        case .map(let pairs): pairs.first { $0.key.string == key }?.value.integer
        case .array(let elements):
            stride(from: 0, to: elements.count - 1, by: 2).first { elements[$0].string == key }
                .flatMap { elements[$0 + 1].integer }
        default: nil
        }
    }
}
