import CHiredis
import StraitNetwork
import StraitRedis

/// What hiredis, the client library of Redis itself, makes of bytes: of RESP2 alone, as it is in Debian 12.
struct Hiredis: Equatable {
    /// How reading ended.
    enum End: Equatable {
        /// Behind a reply.
        case whole
        /// Within one.
        case unfinished
        case refused(String)
    }

    var replies: [RedisValue] = []
    var end = End.whole

    /// Reads `bytes`, which come in pieces that end at `cuts`, in order.
    static func hear(_ bytes: [UInt8], cuts: [Int] = []) -> Hiredis {
        var heard = Hiredis()
        guard let reader = unsafe redisReaderCreate() else { preconditionFailure("There is no memory for hiredis.") }
        defer { unsafe redisReaderFree(reader) }
        var start = 0
        for end in cuts + [bytes.count] {
            // Sound: hiredis copies what it is fed.
            unsafe bytes.span.extracting(start..<end).withUnsafeBytes { piece in
                _ = unsafe redisReaderFeed(reader, piece.baseAddress, piece.count)
            }
            start = end
            while true {
                var reply: UnsafeMutableRawPointer?
                guard unsafe redisReaderGetReply(reader, &reply) == REDIS_OK else {
                    let text = unsafe withUnsafeBytes(of: reader.pointee.errstr) { unsafe Array($0.prefix { $0 != 0 }) }
                    heard.end = .refused(String(decoding: text, as: UTF8.self))
                    return heard
                }
                guard let reply = unsafe reply else { break }
                // Sound: a reply of hiredis' own making, which is freed once it was copied.
                heard.replies.append(unsafe value(reply.assumingMemoryBound(to: redisReply.self)))
                unsafe freeReplyObject(reply)
            }
        }
        // Its stack has one task then, of which not even the type is known.
        let isBetween =
            unsafe reader.pointee.ridx == -1 || reader.pointee.ridx == 0 && reader.pointee.rstack.0.type == -1
        let isWhole = unsafe isBetween && reader.pointee.pos == reader.pointee.len
        heard.end = isWhole ? .whole : .unfinished
        return heard
    }

    private static func value(_ reply: UnsafeMutablePointer<redisReply>) -> RedisValue {
        // Sound: hiredis sets the fields that belong to the type.
        let reply = unsafe reply.pointee
        switch unsafe reply.type {
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_INTEGER: return unsafe .integer(Int(reply.integer))
        case REDIS_REPLY_ARRAY:
            return .array(unsafe (0..<reply.elements).map { unsafe value(reply.element[$0]!) })
        default:
            let bytes = unsafe Bytes(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
            switch unsafe reply.type {
            case REDIS_REPLY_STRING: return .bulk(bytes)
            case REDIS_REPLY_STATUS: return .simple(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_ERROR: return .error(RedisServerError(String(decoding: bytes, as: UTF8.self)))
            case let type: preconditionFailure("hiredis has a type \(type) that it had not.")
            }
        }
    }
}
