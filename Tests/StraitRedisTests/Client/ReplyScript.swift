import StraitCore
import StraitRedis

/// An outcome of reading bytes.
enum Heard: Equatable, CustomStringConvertible {
    case arrival(RedisArrival)
    case refused(RedisProtocolError)
    /// The bytes ended within a reply.
    case unfinished

    var description: String {
        switch self {
        case .arrival(let arrival): "\(arrival)"
        case .refused(let error): "\(error)"
        case .unfinished: "unfinished"
        }
    }
}

/// Reads `bytes`, split at the ascending offsets `cuts`.
func hear(_ bytes: [UInt8], cuts: [Int] = [], limits: ReplyLimits = ReplyLimits()) -> [Heard] {
    var reader = ReplyReader(limits: limits)
    var heard: [Heard] = []
    var start = 0
    for end in cuts + [bytes.count] {
        let piece = bytes.span.extracting(start..<end)
        var position = 0
        do {
            while let arrival = try reader.next(piece, &position) { heard.append(.arrival(arrival)) }
        } catch {
            return heard + [.refused(error)]
        }
        precondition(position == piece.count, "The reader left bytes of a piece unread.")
        start = end
    }
    return reader.isBetweenReplies ? heard : heard + [.unfinished]
}

func hear(_ text: String, limits: ReplyLimits = ReplyLimits()) -> [Heard] { hear(Array(text.utf8), limits: limits) }

/// The replies in `text`. Other outcomes are left out.
func replies(_ text: String) -> [RedisValue] {
    hear(text).compactMap { if case .arrival(.reply(let value)) = $0 { value } else { nil } }
}

/// The error text for `text`, or an empty string if it is accepted.
func refusal(_ text: String, limits: ReplyLimits = ReplyLimits()) -> String {
    if case .refused(let error)? = hear(text, limits: limits).last { "\(error)" } else { "" }
}

extension RedisValue {
    static func bulk(_ text: String) -> RedisValue { .bulk(Bytes(text)) }
}
