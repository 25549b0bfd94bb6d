/// What `RedisChannelLayer` has Redis do in one step each. Times are Redis' own: the clocks of those who send need not agree, and
/// what is sent later is behind what was sent before.
enum QueueScripts {
    /// Appends to a queue behind what is there. Shared by the scripts below.
    private static let append = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
        local function drop(queue, expiry)
            redis.call('ZREMRANGEBYSCORE', queue, '-inf', string.format('(%.6f', now - expiry))
        end
        local function append(queue, payload, expiry)
            local last = redis.call('ZREVRANGE', queue, 0, 0, 'WITHSCORES')[2]
            local score = now
            if last and tonumber(last) >= now then score = tonumber(last) + 0.000001 end
            redis.call('ZADD', queue, string.format('%.6f', score), payload)
            redis.call('PEXPIRE', queue, math.ceil(expiry * 1000))
        end

        """

    /// Sends to one channel. KEYS: the queue. ARGV: expiry in seconds; capacity; how many messages the queue may have of all its
    /// channels; what the payloads of the channel begin with, nothing where the queue has no other; the payload.
    ///
    /// Returns 1, or 0 where the channel is full.
    ///
    /// A queue that is not fuller than one channel may be needs no further look. Behind that, those are counted that begin as the
    /// channel's do: what its siblings have is not held against it.
    static let send = RedisScript(
        append + """
            local queue, expiry, capacity = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
            drop(queue, expiry)
            local count = redis.call('ZCARD', queue)
            if count >= capacity then
                local tag = ARGV[4]
                if tag == '' or count >= tonumber(ARGV[3]) then return 0 end
                local own = 0
                for _, payload in ipairs(redis.call('ZRANGE', queue, 0, -1)) do
                    if string.sub(payload, 1, #tag) == tag then own = own + 1 end
                end
                if own >= capacity then return 0 end
            end
            append(queue, ARGV[5], expiry)
            return 1
            """)

    /// Sends to the queues of a group. KEYS: the queues. ARGV: expiry in seconds; then for each queue how many may wait there, and
    /// the payload.
    ///
    /// Returns the numbers, from 1, of those that were full.
    static let sendAll = RedisScript(
        append + """
            local expiry, full = tonumber(ARGV[1]), {}
            for index, queue in ipairs(KEYS) do
                drop(queue, expiry)
                if redis.call('ZCARD', queue) < tonumber(ARGV[2 * index]) then
                    append(queue, ARGV[2 * index + 1], expiry)
                else
                    full[#full + 1] = index
                end
            end
            return full
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

    /// Adds a channel to each of several groups, or renews its stay. KEYS: the groups. ARGV: for how many seconds a channel stays;
    /// then for each group the channel.
    static let join = RedisScript(
        """
        local time = redis.call('TIME')
        local now = string.format('%.6f', tonumber(time[1]) + tonumber(time[2]) / 1000000)
        for index, group in ipairs(KEYS) do
            redis.call('ZADD', group, now, ARGV[index + 1])
            redis.call('PEXPIRE', group, math.ceil(tonumber(ARGV[1]) * 1000))
        end
        return #KEYS
        """)

    /// Deletes what begins as ARGV[1] does, a pattern.
    static let flush = RedisScript(
        """
        local keys = redis.call('KEYS', ARGV[1])
        for index = 1, #keys, 5000 do
            redis.call('DEL', unpack(keys, index, math.min(index + 4999, #keys)))
        end
        return #keys
        """)
}
