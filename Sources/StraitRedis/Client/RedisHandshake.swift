/// The handshake of a connection: protocol version, authentication, database and connection name. It does no I/O: it
/// produces commands and consumes replies.
package struct RedisHandshake {
    /// The next step of the handshake.
    package enum Step: Equatable {
        /// Send this command, and call ``answered(_:)`` with the reply.
        case send(RedisCommand)
        case done
    }

    /// The required role of the server.
    package enum Role: Sendable {
        case any
        /// The server must be the master. A sentinel's information may be out of date.
        case master
    }

    private enum Stage {
        case hello, authentication, identity, database, role, naming, replacedID, eviction, done
    }

    private let address: RedisAddress
    private let role: Role
    private let name: String
    private let replacedID: Int?
    private var stage = Stage.hello
    /// Whether the server supports RESP3.
    package private(set) var knowsPushes = true
    /// The server's ID for this connection, or nil if the server did not report one.
    package private(set) var identity: Int?

    /// Creates a handshake.
    ///
    /// - Parameters:
    ///   - name: The connection's unique name, without spaces.
    ///   - replacedID: The ID of the connection that this one replaces, which had the same name. The server may not
    ///     have noticed that it ended, and would keep sending messages to it. The handshake kills it first.
    package init(_ address: RedisAddress, role: Role = .any, name: String, replacedID: Int? = nil) {
        self.address = address
        self.role = role
        self.name = name
        self.replacedID = replacedID
    }

    /// The first command to send.
    package var first: RedisCommand {
        var arguments: [RedisArgument] = [3]
        if let password = address.password {
            arguments += ["AUTH", .string(address.username ?? "default"), .string(password)]
        }
        return RedisCommand("HELLO", arguments)
    }

    /// Consumes the reply to the last command, and returns the next step.
    ///
    /// - Throws: ``RedisFailure`` if the server cannot be used, at least for now.
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
                throw .unavailable("\(address) requires a password. Add it to the URL: redis://:password@host.")
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
            // The user may not be allowed to set a name. The connection works without one.
            guard let replacedID else { return finish() }
            stage = .replacedID
            return .send(RedisCommand("CLIENT", ["LIST", "ID", .integer(replacedID)]))
        case .replacedID:
            // A restarted server may have given the ID to another client.
            guard let replacedID, let clients = try? reply.get().string, clients.contains(" name=\(name) ") else {
                return finish()
            }
            stage = .eviction
            return .send(RedisCommand("CLIENT", ["KILL", "ID", .integer(replacedID)]))
        case .eviction:
            // The connection had ended already, or the user may not kill it. In that case it ends with its current
            // read.
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
