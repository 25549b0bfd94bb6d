import RedisServers
import StraitCore
import StraitLayers
import Synchronization

/// A Django site with sessions and users, on a database that a test names.
final class DjangoAccounts: Sendable {
    private let dialogue: Dialogue
    private let count = Mutex(0)

    init(database: String, key: String, timeZone: String = "UTC", settings: String = "{}") throws {
        let name = database.hasPrefix("sqlite:///") ? String(database.dropFirst("sqlite:///".count)) : database
        dialogue = try Dialogue(
            Checkout.python, ["-B", Checkout.peer("django/accounts.py"), name, key, timeZone, settings])
    }

    /// Runs a command and returns its result.
    @discardableResult
    func `do`(_ command: String, _ arguments: LayerMessage = [:]) async throws -> LayerValue {
        var message = arguments
        let number = count.withLock { count in
            count += 1
            return count
        }
        message["do"] = .string(command)
        message["id"] = .int(number)
        try dialogue.say(String(decoding: try message.json(), as: UTF8.self))
        let line = try await dialogue.line { $0.hasPrefix("{\"id\": \(number), ") }
        return try LayerMessage(json: Bytes(line))["result"] ?? .null
    }

    /// The result of a command as text, or nil.
    func text(_ command: String, _ arguments: LayerMessage = [:]) async throws -> String? {
        try await self.do(command, arguments).string
    }

    /// Closes the input of the program, so that it ends.
    func end() { dialogue.end() }
}
