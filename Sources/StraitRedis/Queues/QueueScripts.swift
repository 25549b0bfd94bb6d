/// The Lua scripts of `RedisChannelLayer`, which Redis runs atomically.
///
/// They use Redis' clock, so the clocks of the senders need not agree. Later messages are always behind earlier ones.
enum QueueScripts {
    /// Lua functions that append to a queue. Several scripts below share them.
    private static let append = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
        -- Removes expired messages, and returns the number of messages in the queue.
        local function waiting(queue, expiry)
            local count = redis.call('ZCARD', queue)
            if count == 0 then return 0 end
            return count - redis.call('ZREMRANGEBYSCORE', queue, '-inf', string.format('(%.6f', now - expiry))
        end
        local function append(queue, count, payload, expiry)
            local score = now
            if count > 0 then
                local last = tonumber(redis.call('ZREVRANGE', queue, 0, 0, 'WITHSCORES')[2])
                if last >= now then score = last + 0.000001 end
            end
            redis.call('ZADD', queue, string.format('%.6f', score), payload)
            redis.call('PEXPIRE', queue, math.ceil(expiry * 1000))
        end

        """

    /// A Lua function that returns whether a message with a number is new, and notes the number. The key is kept for a
    /// week, far longer than a message is published again.
    static let isNew = """
        local function isNew(key, number)
            if tonumber(redis.call('GET', key) or '0') >= tonumber(number) then return false end
            redis.call('SET', key, number, 'EX', 604800)
            return true
        end

        """

    /// Sends to one channel. Returns 1, or 0 if the channel is full.
    ///
    /// KEYS: the queue. ARGV, in this order:
    ///
    /// - 1: the expiry in seconds
    /// - 2: the channel's capacity
    /// - 3: the queue's capacity for all its channels
    /// - 4: the first bytes of the channel's payloads, or empty if the queue has only one channel
    /// - 5: the payload
    ///
    /// Below the channel's capacity, the queue needs no further check. Otherwise the script counts only the channel's
    /// payloads by their first bytes, so that other channels of the queue do not fill it.
    static let send = RedisScript(
        append + """
            local queue, expiry, capacity = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
            local count = waiting(queue, expiry)
            if count >= capacity then
                local tag = ARGV[4]
                if tag == '' or count >= tonumber(ARGV[3]) then return 0 end
                local own = 0
                for _, payload in ipairs(redis.call('ZRANGE', queue, 0, -1)) do
                    if string.sub(payload, 1, #tag) == tag then own = own + 1 end
                end
                if own >= capacity then return 0 end
            end
            append(queue, count, ARGV[5], expiry)
            return 1
            """)

    /// Sends to the queues of a group. Returns the numbers, from 1, of the queues that were full.
    ///
    /// KEYS: the queues; then the key of the last number, if the message has one. ARGV: the expiry in seconds; then for
    /// each queue its capacity and the payload; then the message's number, if it has one.
    static let sendAll = RedisScript(
        append + isNew + """
            local expiry, full = tonumber(ARGV[1]), {}
            if #ARGV % 2 == 0 then
                if not isNew(KEYS[#KEYS], ARGV[#ARGV]) then return full end
                KEYS[#KEYS] = nil
            end
            for index, queue in ipairs(KEYS) do
                local count = waiting(queue, expiry)
                if count < tonumber(ARGV[2 * index]) then
                    append(queue, count, ARGV[2 * index + 1], expiry)
                else
                    full[#full + 1] = index
                end
            end
            return full
            """)

    /// Sends to all channels of a group in one step, instead of ``members`` followed by ``sendAll``. Returns the number
    /// of channels in the group, and the queues that were full.
    ///
    /// The group's queues must be on the group's server, and messages must not be encrypted.
    ///
    /// KEYS: the group. ARGV, in this order:
    ///
    /// - 1: the seconds that a channel stays in the group
    /// - 2: the expiry in seconds
    /// - 3: the capacity of a channel
    /// - 4: the capacity for a process that is in the group for its sockets
    /// - 5: the start of the local part of such a process's channel
    /// - 6: the prefix of the queues
    /// - 7: the eight bytes that identify the payload
    /// - 8 and 9: the bytes before and after the channel names in the payload
    /// - 10: 1 if names are msgpack, 0 for JSON
    /// - 11: the message's number, if it has one; the key of the last number is then the second of KEYS
    static let sendToGroup = RedisScript(
        append + isNew + """
            if ARGV[11] and not isNew(KEYS[2], ARGV[11]) then return {0, {}} end
            local stay, expiry = tonumber(ARGV[1]), tonumber(ARGV[2])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - stay))
            local members = redis.call('ZRANGE', KEYS[1], 0, -1)
            local order, channels = {}, {}
            for _, member in ipairs(members) do
                local mark = string.find(member, '!', 1, true)
                local owner = mark and string.sub(member, 1, mark) or member
                local own = channels[owner]
                if own then own[#own + 1] = member else
                    channels[owner] = {member}
                    order[#order + 1] = owner
                end
            end
            local pack = ARGV[10] == '1' and cmsgpack.pack or cjson.encode
            local full = {}
            for index, owner in ipairs(order) do
                local queue, names = ARGV[6] .. owner, channels[owner]
                local capacity = tonumber(ARGV[3])
                for _, name in ipairs(names) do
                    if string.find(name, ARGV[5], 1, true) then capacity = tonumber(ARGV[4]) end
                end
                local count = waiting(queue, expiry)
                if count < capacity then
                    append(queue, count, struct.pack('>I4', index) .. ARGV[7] .. ARGV[8] .. pack(names) .. ARGV[9], \
            expiry)
                else
                    full[#full + 1] = queue
                end
            end
            return {#members, full}
            """)

    /// Takes messages from a queue, up to a number of messages and of bytes.
    ///
    /// KEYS: the queue. ARGV: the number of messages; the number of bytes.
    static let take = RedisScript(
        """
        local taken, bytes = {}, 0
        while #taken < tonumber(ARGV[1]) and bytes < tonumber(ARGV[2]) do
            local payload = redis.call('ZPOPMIN', KEYS[1])[1]
            if not payload then break end
            taken[#taken + 1] = payload
            bytes = bytes + #payload
        end
        return taken
        """)

    /// Puts a message back in its old place.
    ///
    /// KEYS: the queue. ARGV: the expiry in seconds; the score; the payload.
    static let putBack = RedisScript(
        """
        redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
        if redis.call('PTTL', KEYS[1]) < 0 then
            redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[1]) * 1000))
        end
        return 1
        """)

    /// Returns the channels of a group.
    ///
    /// KEYS: the group. ARGV: the seconds that a channel stays in the group.
    static let members = RedisScript(
        """
        local oldest = tonumber(redis.call('TIME')[1]) - tonumber(ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', oldest))
        return redis.call('ZRANGE', KEYS[1], 0, -1)
        """)

    /// Adds a channel to each of several groups, or renews its membership.
    ///
    /// KEYS: the groups. ARGV, in this order:
    ///
    /// - 1: the seconds that a channel stays in a group
    /// - 2: the start of the local part of a process's membership channel
    /// - 3: the seconds that a membership channel stays without renewal, or 0 to remove none
    /// - from 4: the channel for each group
    static let join = RedisScript(
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
        for index, group in ipairs(KEYS) do
            redis.call('ZADD', group, string.format('%.6f', now), ARGV[index + 3])
            redis.call('PEXPIRE', group, math.ceil(tonumber(ARGV[1]) * 1000))
            if tonumber(ARGV[3]) > 0 then
                for _, member in ipairs(redis.call('ZRANGEBYSCORE', group, '-inf', now - tonumber(ARGV[3]))) do
                    if string.find(member, ARGV[2], 1, true) then redis.call('ZREM', group, member) end
                end
            end
        end
        return #KEYS
        """)

    /// Returns the arguments of ``join`` before the channels.
    ///
    /// A process that has not renewed its membership for a minute is considered dead. Pruning checks all older members,
    /// so it is not done each time.
    static func stay(_ expiry: Duration, prunes: Bool = false) -> [RedisArgument] {
        [.string(expiry.secondsText), .string("!" + QueueNames.groupMark), .integer(prunes ? 60 : 0)]
    }

    /// Deletes the keys that match the pattern ARGV[1] and do not begin with ARGV[2].
    static let flush = RedisScript(
        """
        local keys = {}
        for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
            if string.sub(key, 1, #ARGV[2]) ~= ARGV[2] then keys[#keys + 1] = key end
        end
        for index = 1, #keys, 5000 do
            redis.call('DEL', unpack(keys, index, math.min(index + 4999, #keys)))
        end
        return #keys
        """)
}
