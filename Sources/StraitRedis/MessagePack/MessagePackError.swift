/// The reason that a value cannot be written as msgpack, or that bytes are not valid msgpack.
package struct MessagePackError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    static let truncated = MessagePackError(
        "The msgpack ends within a value. Check that both sides have the same serializer, the same prefix length and "
            + "the same keys for encryption.")

    static func trailing(_ count: Int) -> MessagePackError {
        MessagePackError(
            "\(count) bytes follow the msgpack of a value. Check that both sides have the same serializer, the same "
                + "prefix length and the same keys for encryption.")
    }

    static let notMap = MessagePackError(
        "The msgpack is not a map. Send a dictionary; if the other side does, check that both have the same "
            + "serializer, the same prefix length and the same keys for encryption.")

    static let unused = MessagePackError(
        "The byte 0xc1 does not begin a msgpack value. Write messages with a msgpack library.")
    static let invalidText = MessagePackError("A string in the msgpack is not UTF-8. Send other bytes as bytes (bin).")

    static let combiningMarks = MessagePackError(
        """
        A string in the msgpack has more than 30 combining marks in a row (Unicode UAX #15). Send such text as bytes \
        (bin).
        """
    )

    static func key(_ found: StaticString) -> MessagePackError {
        MessagePackError("A key of a map in the msgpack is \(found). Make every key a string.")
    }

    static let timestamp = MessagePackError(
        "The msgpack has a timestamp, which a message cannot hold. Send seconds as a number, or text.")

    static func extended(_ type: Int8) -> MessagePackError {
        MessagePackError(
            "The msgpack has a value of the extension type \(type), which a message cannot hold. Send its parts, or "
                + "bytes."
        )
    }

    static func tooLarge(limit: Int) -> MessagePackError {
        MessagePackError("The message is over the limit of \(limit) bytes as msgpack. Send less at once.")
    }

    static func tooDeep(limit: Int) -> MessagePackError {
        MessagePackError("The message is nested more than \(limit) levels deep. Flatten it.")
    }

    static func tooMany(limit: Int) -> MessagePackError {
        MessagePackError("The message has over \(limit) values in it. Send less at once, or send bytes.")
    }
}
