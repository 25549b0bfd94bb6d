import CHiredis
import StraitCore
import StraitRedis

/// The result of parsing bytes with hiredis, Redis' own client library. Debian 12's version supports only RESP2.
struct Hiredis: Equatable {
    /// The parser's state at the end of the bytes.
    enum End: Equatable {
        /// Between replies.
        case whole
        /// Within a reply.
        case unfinished
        case refused(String)
    }

    var replies: [RedisValue] = []
    var end = End.whole

    /// Parses `bytes`, split at the ascending offsets `cuts`.
    static func hear(_ bytes: [UInt8], cuts: [Int] = []) -> Hiredis {
        var heard = Hiredis()
        guard let reader = unsafe redisReaderCreate() else { preconditionFailure("hiredis has no memory.") }
        defer { unsafe redisReaderFree(reader) }
        var start = 0
        for end in cuts + [bytes.count] {
            // SAFETY: hiredis copies the bytes that it is fed.
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
                // SAFETY: hiredis made this reply. It is copied before it is freed.
                heard.replies.append(unsafe value(reply.assumingMemoryBound(to: redisReply.self)))
                unsafe freeReplyObject(reply)
            }
        }
        // Between replies the reader's stack is empty, or has one task whose type is not yet known.
        let isBetween =
            unsafe reader.pointee.ridx == -1 || reader.pointee.ridx == 0 && reader.pointee.rstack.0.type == -1
        let isWhole = unsafe isBetween && reader.pointee.pos == reader.pointee.len
        heard.end = isWhole ? .whole : .unfinished
        return heard
    }

    private static func value(_ reply: UnsafeMutablePointer<redisReply>) -> RedisValue {
        // SAFETY: hiredis sets the fields that belong to the type.
        let reply = unsafe reply.pointee
        switch unsafe reply.type {
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_INTEGER: return unsafe .integer(Int(reply.integer))
        case REDIS_REPLY_ARRAY:
            return .array(
                unsafe (0..<reply.elements).map { index in
                    guard let element = unsafe reply.element[index] else {
                        preconditionFailure("hiredis returned an array without its elements.")
                    }
                    return unsafe value(element)
                })
        default:
            let bytes = unsafe Bytes(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
            switch unsafe reply.type {
            case REDIS_REPLY_STRING: return .bulk(bytes)
            case REDIS_REPLY_STATUS: return .simple(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_ERROR: return .error(RedisServerError(String(decoding: bytes, as: UTF8.self)))
            case let type: preconditionFailure("hiredis returned the unknown reply type \(type).")
            }
        }
    }
}
