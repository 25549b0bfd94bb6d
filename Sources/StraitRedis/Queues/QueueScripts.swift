/// What `RedisChannelLayer` has Redis do in one step each. Times are Redis' own: the clocks of those who send need not
/// agree, and what is sent later is behind what was sent before.
enum QueueScripts {
    /// Appends to a queue behind what is there. Shared by the scripts below.
    private static let append = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
        -- How many messages wait in a queue, without those that are too old.
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

    /// Sends to one channel. KEYS: the queue. ARGV: expiry in seconds; capacity; how many messages the queue may have
    /// of all its channels; what the payloads of the channel begin with, nothing where the queue has no other; the
    /// payload.
    ///
    /// Returns 1, or 0 where the channel is full.
    ///
    /// A queue that is not fuller than one channel may be needs no further look. Behind that, those are counted that
    /// begin as the channel's do: what its siblings have is not held against it.
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

    /// Sends to the queues of a group. KEYS: the queues. ARGV: expiry in seconds; then for each queue how many may wait
    /// there, and the payload.
    ///
    /// Returns the numbers, from 1, of those that were full.
    static let sendAll = RedisScript(
        append + """
            local expiry, full = tonumber(ARGV[1]), {}
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

    /// Sends to all channels of a group whose queues are on the group's server, with nothing encrypted: what
    /// ``members`` and ``sendAll`` do, without asking in between. KEYS: the group. ARGV: for how many seconds a channel
    /// stays in it; expiry in seconds; capacity of a channel; how many may wait for a process that is in the group for
    /// its sockets; what such a channel's own part begins with; what the queues begin with; the eight bytes that tell
    /// the payloads from all others; what is in front of the names of the channels in a payload, and what is behind
    /// them; 1 where names are msgpack, 0 for JSON.
    ///
    /// Returns how many channels are in the group, and the queues that were full.
    static let sendToGroup = RedisScript(
        append + """
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
                    append(queue, count, struct.pack('>I4', index) .. ARGV[7] .. ARGV[8] .. pack(names) .. ARGV[9], expiry)
                else
                    full[#full + 1] = queue
                end
            end
            return {#members, full}
            """)

    /// Takes what waits in a queue, up to a number of messages and of bytes. KEYS: the queue. ARGV: how many, how many
    /// bytes.
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

    /// Puts a message back where it was taken. KEYS: the queue. ARGV: expiry; the score; the payload.
    static let putBack = RedisScript(
        """
        redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
        if redis.call('PTTL', KEYS[1]) < 0 then
            redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[1]) * 1000))
        end
        return 1
        """)

    /// The channels of a group. KEYS: the group. ARGV: for how many seconds a channel stays in it.
    static let members = RedisScript(
        """
        local oldest = tonumber(redis.call('TIME')[1]) - tonumber(ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', oldest))
        return redis.call('ZRANGE', KEYS[1], 0, -1)
        """)

    /// Adds a channel to each of several groups, or renews its stay. KEYS: the groups. ARGV: for how many seconds a
    /// channel stays; what the own part of a process' channel for a group begins with; for how many seconds such a one
    /// stays without being renewed, as it is all the time while the process lives; then for each group the channel.
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

    /// What ``join`` takes in front of the channels. A process that has not renewed its membership for a minute is
    /// gone; looking for those goes through all that are older, so that it is not done each time.
    static func stay(_ expiry: Duration, prunes: Bool = false) -> [RedisArgument] {
        [.string(expiry.secondsText), .string("!" + QueueNames.groupMark), .integer(prunes ? 60 : 0)]
    }

    /// Deletes what ARGV[1], a pattern, matches, and does not begin as ARGV[2] does.
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
