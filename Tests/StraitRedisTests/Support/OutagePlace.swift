import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// A server that a test disrupts, and layers with short time limits.
struct OutagePlace {
    let server: RedisServer
    let place: RedisPlace
    let limit: Duration

    /// - Parameter limit: The time that a layer waits for a connection or a reply.
    init(limit: Duration = .milliseconds(1500)) async throws {
        server = try await RedisServer()
        place = try await RedisPlace(server)
        self.limit = limit
    }

    /// Returns a layer that connects through `proxies`, one for each of its servers, or directly if there are none.
    func layer(_ kind: RoomKind, through proxies: RedisProxy..., log: Journal? = nil) -> any LocalDeliveryLayer {
        var configuration = place.configuration { $0.capacity = 1000 }
        if !proxies.isEmpty { configuration.hosts = proxies.map(\.host) }
        return kind.layer(configuration, client, log: log)
    }

    func queues(through proxy: RedisProxy? = nil, log: Journal? = nil) -> RedisChannelLayer {
        var configuration = place.configuration { $0.capacity = 1000 }
        if let proxy { configuration.hosts = [proxy.host] }
        return RedisChannelLayer(configuration, client: client, log: RedisPlace.log(log))
    }

    private var client: RedisClientSettings {
        var client = RedisClientSettings()
        client.limits.connect = limit
        client.limits.command = limit
        client.limits.read = .milliseconds(300)
        client.limits.reconnect.longest = .milliseconds(100)
        // Only the tested mechanism restores anything.
        client.refresh = .seconds(3600)
        return client
    }

    /// Waits until exactly `count` processes are subscribed to the room.
    func isRoom(of count: Int, _ kind: RoomKind) async throws {
        try await eventually("\(count) processes are subscribed to the room") {
            (try? await place.listeners(to: "room", kind)) == count
        }
    }
}

extension Journal {
    /// Waits until `count` lines contain `text`.
    func has(_ text: String, times count: Int = 1) async throws {
        try await eventually("the log says '\(text)'") { self.lines.count { $0.contains(text) } >= count }
    }
}
