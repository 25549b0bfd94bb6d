import StraitCore
import StraitLayers

/// Sending to groups: each queue receives a message once, with the names of its destination channels.
extension QueueDelivery {
    /// The commands to one server for one message.
    private struct Delivery {
        let shard: Int
        var queues: [String] = []
        var arguments: [RedisArgument]
        /// For each queue, the message's key in `QueueDelivery.expected`, or nil if another process reads the queue.
        var expected: [UInt64?] = []
    }

    func send(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>) {
        if isOneStep { return sendAtOnce(message, event, toGroup: group, pending) }
        let shard = shards[shard(group)]
        pending.call = shard.commands.run(
            QueueScripts.members, keys: [names.group(group)], [.string(configuration.groupExpiry.secondsText)]
        ) { [self] result in
            switch result {
            case .success(let reply):
                // A cancelled send must not reach any member.
                guard pending.isOpen else { return }
                let members = (reply.elements ?? []).compactMap(\.string)
                do throws(LayerError) {
                    let deliveries = try deliveries(of: message, event, to: members)
                    perform(deliveries, event.once, group: group, memberCount: members.count, pending)
                } catch {
                    pending.finish(.failure(error))
                }
            case .failure(let failure): pending.fail(failure)
            }
        }
    }

    /// Whether one script can do everything. A script can neither encrypt, nor match name patterns, nor write to
    /// another server's queues.
    private var isOneStep: Bool {
        shards.count == 1 && envelope.keys == nil && configuration.capacity.patterns.isEmpty
    }

    private func sendAtOnce(
        _ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>
    ) {
        let stamp = stamp()
        let (front, back) = message.around
        let key = Self.key(stamp)
        let channel = announcer.channel(of: group)
        if let channel {
            // The length is right if this process is in the group only for its sockets, which is nearly always true.
            let names = envelope.serializer == .msgpack ? 3 : 4
            let length = MessageEnvelope.prefixLength + front.count + names + channel.utf8.count + back.count
            expected.expect(key, event, destinations: [channel], length: length, now: loop.now)
        }
        let capacity = configuration.capacity.standard
        let arguments: [RedisArgument] = [
            .string(configuration.groupExpiry.secondsText), .string(configuration.expiry.secondsText),
            .integer(capacity),
            .integer(max(capacity, Self.processCapacity)), .string("!" + QueueNames.groupMark), .string(names.prefix),
            .bytes(Bytes((4..<12).map { stamp.prefix[$0] })), .bytes(front), .bytes(back),
            envelope.serializer == .msgpack ? "1" : "0",
        ]
        let numbered = event.once.map { [RedisArgument.string("\($0.number)")] } ?? []
        let keys = [names.group(group)] + (event.once.map { [names.once($0, group)] } ?? [])
        pending.call = shards[0].commands.run(QueueScripts.sendToGroup, keys: keys, arguments + numbered) {
            [self] result in
            switch result {
            case .success(let reply):
                let full = reply.elements?.last?.elements ?? []
                if !full.isEmpty {
                    if full.contains(where: { $0.string == names.ownQueue }) { _ = expected.take(key) }
                    missed(full.count, of: reply.elements?.first?.integer ?? 0, group)
                }
                pending.succeed()
            case .failure(let failure):
                // A command that was sent may still be delivered.
                if case .lost = failure {} else if channel != nil { _ = expected.take(key) }
                pending.fail(failure)
            }
        }
    }

    private func missed(_ full: Int, of memberCount: Int, _ group: String) {
        counters.dropFull(full)
        log.info("\(full) of \(memberCount) channels over capacity in group \(group)")
    }

    private func deliveries(
        of message: EncodedMessage, _ event: LayerEvent, to members: [String]
    ) throws(LayerError) -> [Delivery] {
        // In order of first occurrence, so that the order is always the same.
        var order: [String] = []
        var channels: [String: [String]] = [:]
        for member in members {
            let nonLocal = LayerName.nonLocal(member)
            if channels[nonLocal] == nil { order.append(nonLocal) }
            channels[nonLocal, default: []].append(member)
        }
        var deliveries: [Delivery] = []
        for nonLocal in order {
            guard let own = channels[nonLocal] else { continue }
            let shard = shard(nonLocal)
            let stamp = stamp()
            let payload = try envelope.seal(message, to: .channels(own), stamp: stamp)
            let index: Int
            if let known = deliveries.firstIndex(where: { $0.shard == shard }) {
                index = known
            } else {
                index = deliveries.count
                deliveries.append(Delivery(shard: shard, arguments: [.string(configuration.expiry.secondsText)]))
            }
            deliveries[index].queues.append(names.prefix + nonLocal)
            deliveries[index].arguments += [.integer(capacity(for: own)), .bytes(payload)]
            let isOwn = nonLocal == names.own
            deliveries[index].expected.append(isOwn ? Self.key(stamp) : nil)
            if isOwn {
                expected.expect(Self.key(stamp), event, destinations: own, length: payload.count, now: loop.now)
            }
        }
        return deliveries
    }

    /// Returns the number of messages that may wait in the queue of `channels`.
    ///
    /// A process that is in a group for its sockets takes messages at once. Its limit is higher, and only guards
    /// against a process that has stopped.
    private func capacity(for channels: [String]) -> Int {
        let capacity = configuration.capacity[channels[0]]
        let isOfSockets = channels.contains { channel in
            channel.firstIndex(of: "!").map { channel[$0...].dropFirst().hasPrefix(QueueNames.groupMark) } ?? false
        }
        return isOfSockets ? max(capacity, Self.processCapacity) : capacity
    }

    private func perform(
        _ deliveries: [Delivery], _ once: OnceNumber?, group: String, memberCount: Int,
        _ pending: PendingReply<Void>
    ) {
        if deliveries.isEmpty { return pending.succeed() }
        var full = 0
        var failure: RedisFailure?
        let answers = Countdown(deliveries.count) { [self] in
            if full > 0 { missed(full, of: memberCount, group) }
            if let failure { pending.fail(failure) } else { pending.succeed() }
        }
        for delivery in deliveries {
            let keys = delivery.queues + (once.map { [names.once($0, group)] } ?? [])
            let numbered = once.map { [RedisArgument.string("\($0.number)")] } ?? []
            shards[delivery.shard].commands.run(QueueScripts.sendAll, keys: keys, delivery.arguments + numbered) {
                [self] result in
                switch result {
                case .success(let reply):
                    let missed = (reply.elements ?? []).compactMap(\.integer)
                    full += missed.count
                    for number in missed where delivery.expected.indices.contains(number - 1) {
                        if let key = delivery.expected[number - 1] { _ = expected.take(key) }
                    }
                case .failure(let error):
                    failure = error
                    // A command that was sent may still be delivered.
                    if case .lost = error { break }
                    for case let key? in delivery.expected { _ = expected.take(key) }
                }
                answers.step()
            }
        }
    }

    // MARK: Membership by name

    /// Adds a channel that is not a socket of this process.
    func add(_ channel: String, to group: String, _ pending: PendingReply<Void>) {
        let shard = shards[shard(group)]
        pending.call = shard.commands.run(
            QueueScripts.join, keys: [names.group(group)],
            QueueScripts.stay(configuration.groupExpiry) + [.string(channel)]
        ) { pending.finish($0) }
    }

    func remove(_ channel: String, from group: String, _ pending: PendingReply<Void>) {
        let shard = shards[shard(group)]
        let command = RedisCommand("ZREM", [.string(names.group(group)), .string(channel)])
        pending.call = shard.commands.call(command) { pending.finish($0) }
    }
}
