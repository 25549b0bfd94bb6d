/// An error in the bytes from the server. The connection cannot be used any more, because the start of the next reply
/// is unknown.
package struct RedisProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    private static func noReply(_ what: String) -> RedisProtocolError {
        RedisProtocolError(
            "Invalid reply from Redis: \(what). Check that a Redis server listens at the address, and that it uses TLS "
                + "only if the address begins with rediss://.")
    }

    static func unknownType(_ byte: UInt8) -> RedisProtocolError {
        noReply("no type of RESP begins with the byte 0x\(String(byte, radix: 16))")
    }

    static func malformed(_ what: StaticString, _ text: String) -> RedisProtocolError {
        noReply("\(what) cannot be \(text.debugDescription)")
    }

    static let brokenLine = noReply("a line ends with one of CR and LF instead of both")
    static let unterminatedBulk = noReply("a string is longer than its length says")
    static let longNumber = noReply("a number or a length has over \(ReplyReader.longestNumber) bytes")
    static let verbatimFormat = noReply("a verbatim string does not begin with three bytes of format and a colon")
    static let emptyPush = noReply("a push has no kind")
    static let nestedPush = noReply("a push is inside another value")
    static let streamed = RedisProtocolError(
        "Redis sent a streamed string or aggregate (RESP3). No Redis command replies with one, and Strait does not "
            + "support them. Check for a proxy between Strait and Redis.")

    static func tooLarge(limit: Int) -> RedisProtocolError {
        RedisProtocolError(
            "A reply of Redis is over the limit of \(limit) bytes. Ask for less at once, or raise the limit of replies."
        )
    }

    static func tooDeep(limit: Int) -> RedisProtocolError {
        RedisProtocolError(
            "A reply of Redis is nested over \(limit) deep. Raise the limit of depth if a script returns such tables.")
    }
}
