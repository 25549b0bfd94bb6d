/// Something whole that came from Redis.
package enum RedisArrival: Sendable, Hashable {
    /// The answer to the oldest command that has none yet. With RESP2, messages of subscriptions are replies too.
    case reply(RedisValue)
    /// What came unasked (RESP3): its kind, such as `message`, and what belongs to it. Never empty.
    case push([RedisValue])
}
