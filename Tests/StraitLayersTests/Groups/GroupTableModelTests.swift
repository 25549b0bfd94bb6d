import StraitCore
import Testing

@testable import StraitLayers

/// A socket that records the events delivered to it. It handles the messages of its channel only when the test calls
/// `handle()`. Loop-bound.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is accessed only on its loop.
private final class KeepingMember: ChannelMember, @unchecked Sendable {
    var numbers: [Int] = []
    var memberships: [Membership] = []
    var channel: LocalChannel!
    let loop: EventLoop
    private var held = 0

    init(_ loop: EventLoop) { self.loop = loop }

    func deliver(_ batch: EventBatch, _ membership: Membership) {
        for event in batch.events { numbers.append(event.message["n"]?.int ?? -1) }
    }

    func deliver(_ event: LayerEvent, to channel: LocalChannel) {
        numbers.append(event.message["n"]?.int ?? -1)
        held += 1
    }

    func handle() {
        for _ in 0..<held { channel.handled() }
        held = 0
    }

    func join(_ group: String, by channel: LocalChannel) {
        if memberships.contains(where: { $0.group == group }) { return }
        memberships.append(channel.table.join(group, self, on: loop))
    }

    func leave(_ group: String, by channel: LocalChannel) {
        guard let index = memberships.firstIndex(where: { $0.group == group }) else { return }
        memberships.remove(at: index).leave()
    }

    func isMember(of group: String, by channel: LocalChannel) -> Bool {
        memberships.contains { $0.group == group }
    }

    func end() {
        for membership in memberships { membership.leave() }
        memberships = []
        handle()
        channel.close()
    }
}

/// The simplest model of a channel layer.
private struct Model {
    struct Message { let number: Int, expires: Instant }

    let capacity: Int
    let expiry: Duration
    let groupExpiry: Duration
    var now: Instant
    var queues: [String: [Message]] = [:]
    /// The time of a channel's last addition to a group; nil for a socket's channel, whose membership does not expire.
    var groups: [String: [String: Instant?]] = [:]
    /// The numbers delivered to each socket.
    var given: [String: [Int]] = [:]
    /// The number of unhandled messages on each socket's channel.
    var held: [String: Int] = [:]
    var full = 0
    var expired = 0

    mutating func prune(_ channel: String) {
        let all = queues[channel] ?? []
        let fresh = all.filter { $0.expires > now }
        expired += all.count - fresh.count
        queues[channel] = fresh
    }

    /// Returns false if the channel is full.
    mutating func send(_ channel: String, _ number: Int) -> Bool {
        if let waiting = held[channel] {
            if waiting == capacity { full += 1 } else { held[channel] = waiting + 1 }
            if waiting < capacity { given[channel]?.append(number) }
            return waiting < capacity
        }
        prune(channel)
        let isTaken = queues[channel, default: []].count < capacity
        if isTaken {
            queues[channel, default: []].append(Message(number: number, expires: now.advanced(by: expiry)))
        } else {
            full += 1
        }
        return isTaken
    }

    mutating func receive(_ channel: String) -> Int? {
        prune(channel)
        return queues[channel, default: []].isEmpty ? nil : queues[channel]?.removeFirst().number
    }

    mutating func groupSend(_ group: String, _ number: Int) {
        for (channel, added) in groups[group] ?? [:] {
            guard let added else {
                given[channel]?.append(number)
                continue
            }
            if added.duration(to: now) < groupExpiry {
                _ = send(channel, number)
            } else {
                groups[group]?[channel] = nil
            }
        }
    }
}

@Suite struct LayerModel {
    /// Random operations have the same results on the layer and the model. They use sockets on three loops, channels
    /// with receivers, messages and memberships that expire, and full queues.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `the in-memory layer delivers, drops and counts the same messages as a simple model`(seed: UInt64) async throws
    {
        var random = SeededGenerator(seed: seed)
        let time = ManualTime()
        let loops = EventLoopGroup(count: 3, time: time)
        defer { loops.stop() }
        var model = Model(capacity: 3, expiry: .seconds(10), groupExpiry: .seconds(100), now: time.now)
        let layer = InMemoryChannelLayer(
            capacity: 3, expiry: model.expiry, groupExpiry: model.groupExpiry, time: time)
        let groups = ["a", "b", "c"]
        let channels = (0..<4).map { "channel-\($0)" }
        var members: [String: KeepingMember] = [:]

        func register() async {
            let loop = loops.loops[Int.random(in: 0..<3, using: &random)]
            let member = KeepingMember(loop)
            let name = layer.socketChannel()
            await loop.perform { member.channel = layer.groups.register(name, member, on: loop) }
            members[name] = member
            model.given[name] = []
            model.held[name] = 0
        }

        for _ in 0..<4 { await register() }
        for number in 0..<400 {
            let group = groups.randomElement(using: &random)!
            let sockets = members.keys.sorted()
            let socket = sockets.randomElement(using: &random)!
            let channel = (channels + sockets).randomElement(using: &random)!
            switch Int.random(in: 0..<22, using: &random) {
            case 0..<4:
                try await layer.groupAdd(group, channel)
                model.groups[group, default: [:]][channel] = .some(model.held[channel] == nil ? time.now : nil)
            case 4, 5:
                try await layer.groupDiscard(group, channel)
                model.groups[group]?[channel] = nil
            case 6..<11:
                try await layer.groupSend(group, ["n": .int(number)])
                model.groupSend(group, number)
            case 11..<14:
                do {
                    try await layer.send(channel, ["n": .int(number)])
                    let isTaken = model.send(channel, number)
                    #expect(isTaken, "\(channel) accepted \(number), seed \(seed)")
                } catch LayerError.channelFull {
                    let isTaken = model.send(channel, number)
                    #expect(!isTaken, "\(channel) rejected \(number), seed \(seed)")
                }
            case 14..<17:
                let channel = channels.randomElement(using: &random)!
                // Without a queued message, a receiver would wait.
                if let expected = model.receive(channel) {
                    #expect(try await layer.receive(channel)["n"]?.int == expected, "\(channel), seed \(seed)")
                }
            case 17, 18:
                await perform(members[socket]!) { $0.handle() }
                model.held[socket] = 0
            case 19:
                time.move(to: time.now.advanced(by: .seconds(Int.random(in: 1...8, using: &random))))
                model.now = time.now
            case 20:
                if Int.random(in: 0..<4, using: &random) == 0 {
                    time.move(to: time.now.advanced(by: .seconds(60)))
                    model.now = time.now
                }
            default:
                await loops.idle()
                await compare(members[socket]!, model.given[socket]!, seed)
                await perform(members[socket]!) { $0.end() }
                members[socket] = nil
                model.given[socket] = nil
                model.held[socket] = nil
                for group in groups { model.groups[group]?[socket] = nil }
                await register()
            }
        }
        await loops.idle()
        for (name, member) in members { await compare(member, model.given[name]!, seed) }
        for channel in channels {
            while let expected = model.receive(channel) {
                #expect(try await layer.receive(channel)["n"]?.int == expected, "\(channel), seed \(seed)")
            }
        }
        #expect(layer.counters.droppedFull == model.full, "seed \(seed)")
        for member in members.values { await perform(member) { $0.end() } }
        #expect(layer.groups.channelCount == 0, "seed \(seed)")
    }

    private func perform(_ member: KeepingMember, _ body: @escaping @Sendable (KeepingMember) -> Void) async {
        await member.loop.perform { body(member) }
    }

    private func compare(_ member: KeepingMember, _ expected: [Int], _ seed: UInt64) async {
        await perform(member) { member in #expect(member.numbers == expected, "seed \(seed)") }
    }
}
