import StraitLayers
import StraitNetwork

extension PresenceSnapshot {
    /// Parses the script's reply. Returns nil if it is invalid.
    init?(_ reply: RedisValue) {
        guard let parts = reply.elements, parts.count == 3, let version = parts[0].string.flatMap(UInt64.init),
            let count = parts[1].integer, let members = parts[2].elements
        else { return nil }
        let texts = members.compactMap(\.bytes)
        guard texts.count == members.count, texts.count.isMultiple(of: 2) else { return nil }
        self.init(
            version: version, count: count,
            members: stride(from: 0, to: texts.count, by: 2).compactMap { PresenceRecord(texts[$0], texts[$0 + 1]) })
    }
}

extension PresenceDelta {
    /// Parses a published change. Returns nil if it is invalid.
    init?(_ payload: Bytes) {
        guard case .array(let values) = try? MessagePackDecoder.value(from: payload) else { return nil }
        var texts = values.compactMap { $0.string.map { Bytes($0) } ?? $0.bytes }[...]
        guard texts.count == values.count else { return nil }
        func number() -> UInt64? { texts.popFirst().flatMap { String(utf8: $0) }.flatMap(UInt64.init) }
        func list() -> [Bytes]? {
            guard let count = number(), count <= UInt64(texts.count) else { return nil }
            defer { texts = texts.dropFirst(Int(count)) }
            return Array(texts.prefix(Int(count)))
        }
        func records(_ list: [Bytes]) -> [PresenceRecord] {
            stride(from: 0, to: list.count - 1, by: 2).compactMap { PresenceRecord(list[$0], list[$0 + 1]) }
        }
        guard let since = number(), let version = number(), let count = number(), let joins = list(),
            let leaves = list(),
            let updates = list()
        else { return nil }
        self.init(
            since: since, version: version, joins: records(joins), leaves: leaves.compactMap { String(utf8: $0) },
            updates: records(updates), count: Int(clamping: count))
    }
}

extension PresenceRecord {
    fileprivate init?(_ key: Bytes, _ meta: Bytes) {
        guard let key = String(utf8: key) else { return nil }
        self.init(key: key, meta: meta)
    }
}
