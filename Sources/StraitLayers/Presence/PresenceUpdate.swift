import StraitJSON
package import StraitNetwork

/// An update for the followers of a group in this process: a ``PresenceChange`` with undecoded metadata.
package enum PresenceUpdate: Sendable, Hashable {
    case state(count: Int, members: [PresenceRecord], isExact: Bool)
    case diff(joins: [PresenceRecord], leaves: [PresenceRecord], updates: [PresenceRecord], count: Int)
    case many(count: Int)

    /// The JSON that browsers receive.
    package var json: Bytes {
        var text = ByteBuffer(capacity: 256)
        switch self {
        case .state(let count, let members, let isExact):
            text.append("{\"type\":\"presence.state\",\"count\":")
            text.append("\(count)")
            text.append(isExact ? ",\"isExact\":true" : ",\"isExact\":false")
            Self.append(members, as: ",\"members\":", to: &text)
        case .diff(let joins, let leaves, let updates, let count):
            text.append("{\"type\":\"presence.diff\"")
            Self.append(joins, as: ",\"joins\":", to: &text)
            Self.append(leaves, as: ",\"leaves\":", to: &text)
            Self.append(updates, as: ",\"updates\":", to: &text)
            text.append(",\"count\":")
            text.append("\(count)")
        case .many(let count):
            text.append("{\"type\":\"presence.count\",\"count\":")
            text.append("\(count)")
        }
        text.append("}")
        return text.freeze()
    }

    private static func append(_ records: [PresenceRecord], as name: StaticString, to text: inout ByteBuffer) {
        text.append(name)
        var separator = UInt8(ascii: "{")
        for record in records {
            text.append(separator)
            text.append(json: record.key)
            text.append(UInt8(ascii: ":"))
            text.append(record.meta)
            separator = UInt8(ascii: ",")
        }
        if records.isEmpty { text.append(separator) }
        text.append(UInt8(ascii: "}"))
    }
}
