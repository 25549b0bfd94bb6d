/// A complete message from the server.
package enum RedisArrival: Sendable, Hashable {
    /// The reply to the oldest command without one. With RESP2, messages of subscriptions are replies too.
    case reply(RedisValue)
    /// A push message (RESP3): its kind, such as `message`, and its values. Never empty.
    case push([RedisValue])
}
