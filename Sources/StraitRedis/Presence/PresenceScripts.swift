import StraitCore
import StraitLayers

/// The Lua scripts for presence, which Redis runs atomically. They publish each change in the same step, so that
/// watchers receive every change once and in order.
///
/// A group has four keys. `entries` maps a process and an entry number to a presence key. `counts` has the number of
/// entries for each presence key. `metas` has the metadata for each presence key, and `version` the group's version.
///
/// `processes` has the end of each process's lease. The `groups` of a process have its number of entries for each
/// group. All names begin with ARGV[1].
enum PresenceScripts {
    private static let common = """
        local prefix = ARGV[1]
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local processes = prefix .. 'processes'

        local function number(value) return string.format('%.0f', value) end

        -- joins and updates are lists of alternating keys and metas.
        local function announce(group, joins, leaves, updates)
            if #joins + #leaves + #updates == 0 then return end
            local since = tonumber(redis.call('GET', prefix .. 'version:' .. group) or '0')
            local version = math.max(now, since + 1)
            redis.call('SET', prefix .. 'version:' .. group, number(version), 'EX', 86400)
            local news = {number(since), number(version), number(redis.call('HLEN', prefix .. 'metas:' .. group))}
            for _, list in ipairs({joins, leaves, updates}) do
                news[#news + 1] = number(#list)
                for _, text in ipairs(list) do news[#news + 1] = text end
            end
            redis.call('PUBLISH', prefix .. 'changes:' .. group, cmsgpack.pack(news))
        end

        -- Removes an entry of a process. Appends its key to leaves if the key has no other entry.
        local function remove(process, group, field, leaves)
            local key = redis.call('HGET', prefix .. 'entries:' .. group, field)
            if not key then return end
            redis.call('HDEL', prefix .. 'entries:' .. group, field)
            if redis.call('HINCRBY', prefix .. 'groups:' .. process, group, -1) <= 0 then
                redis.call('HDEL', prefix .. 'groups:' .. process, group)
            end
            if redis.call('HINCRBY', prefix .. 'counts:' .. group, key, -1) > 0 then return end
            redis.call('HDEL', prefix .. 'counts:' .. group, key)
            redis.call('HDEL', prefix .. 'metas:' .. group, key)
            leaves[#leaves + 1] = key
        end

        -- Removes all entries of a process.
        local function forget(process)
            for _, group in ipairs(redis.call('HKEYS', prefix .. 'groups:' .. process)) do
                local leaves = {}
                for _, field in ipairs(redis.call('HKEYS', prefix .. 'entries:' .. group)) do
                    if string.sub(field, 1, #process + 1) == process .. '/' then \
        remove(process, group, field, leaves) end
                end
                announce(group, {}, leaves, {})
            end
            redis.call('DEL', prefix .. 'groups:' .. process)
            redis.call('ZREM', processes, process)
        end

        """

    /// Adds an entry. Returns 0 if the process had no lease; its other entries are then lost.
    ///
    /// ARGV: prefix, process, lease in microseconds, group, entry number, key, meta.
    static let enter = RedisScript(
        common + """
            local process, group, field, key, meta = ARGV[2], ARGV[4], ARGV[2] .. '/' .. ARGV[5], ARGV[6], ARGV[7]
            local lives = redis.call('ZSCORE', processes, process)
            redis.call('ZADD', processes, number(now + tonumber(ARGV[3])), process)
            local known = redis.call('HGET', prefix .. 'metas:' .. group, key)
            if redis.call('HSETNX', prefix .. 'entries:' .. group, field, key) == 1 then
                redis.call('HINCRBY', prefix .. 'counts:' .. group, key, 1)
                redis.call('HINCRBY', prefix .. 'groups:' .. process, group, 1)
            end
            redis.call('HSET', prefix .. 'metas:' .. group, key, meta)
            if not known then
                announce(group, {key, meta}, {}, {})
            elseif known ~= meta then
                announce(group, {}, {}, {key, meta})
            end
            return lives and 1 or 0
            """)

    /// Changes the metadata of a key.
    ///
    /// ARGV: prefix, process, group, entry number, key, meta.
    static let update = RedisScript(
        common + """
            local group, key, meta = ARGV[3], ARGV[5], ARGV[6]
            if redis.call('HGET', prefix .. 'entries:' .. group, ARGV[2] .. '/' .. ARGV[4]) ~= key then return 0 end
            if redis.call('HGET', prefix .. 'metas:' .. group, key) == meta then return 0 end
            redis.call('HSET', prefix .. 'metas:' .. group, key, meta)
            announce(group, {}, {}, {key, meta})
            return 1
            """)

    /// Removes entries.
    ///
    /// ARGV: prefix, process, group, entry numbers.
    static let leave = RedisScript(
        common + """
            local process, group, leaves = ARGV[2], ARGV[3], {}
            for index = 4, #ARGV do remove(process, group, process .. '/' .. ARGV[index], leaves) end
            announce(group, {}, leaves, {})
            return #leaves
            """)

    /// Renews a process's lease if it has one, and removes processes with expired leases. Returns 0 if the process has
    /// no lease: it expired, or Redis lost its data.
    ///
    /// ARGV: prefix, process, lease in microseconds.
    static let renew = RedisScript(
        common + """
            local process = ARGV[2]
            local lives = redis.call('ZSCORE', processes, process)
            if lives then redis.call('ZADD', processes, number(now + tonumber(ARGV[3])), process) end
            for _, dead in ipairs(redis.call('ZRANGEBYSCORE', processes, '-inf', number(now), 'LIMIT', 0, 64)) do
                forget(dead)
            end
            return lives and 1 or 0
            """)

    /// Removes a process and all its entries. ARGV: prefix, process.
    static let end = RedisScript(
        common + """
            forget(ARGV[2])
            return 1
            """)

    /// Returns the members of a group: the version, the count, and alternating keys and metas.
    ///
    /// ARGV: prefix, group, the largest count for which all members are returned, the number of members returned
    /// otherwise.
    static let snapshot = RedisScript(
        """
        local metas = ARGV[1] .. 'metas:' .. ARGV[2]
        local count = redis.call('HLEN', metas)
        local members
        if count <= tonumber(ARGV[3]) then
            members = redis.call('HGETALL', metas)
        else
            members = redis.call('HRANDFIELD', metas, ARGV[4], 'WITHVALUES')
        end
        return {redis.call('GET', ARGV[1] .. 'version:' .. ARGV[2]) or '0', count, members}
        """)
}

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
