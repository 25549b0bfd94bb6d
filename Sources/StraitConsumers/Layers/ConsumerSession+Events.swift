package import StraitLayers
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// How the events of channel layers come to a consumer: in one order with the messages of its peer, straight to its
/// socket where they are only passed on and nothing is in front of them.
extension ConsumerSession: ChannelMember {
    // MARK: From the layers

    package func deliver(_ batch: EventBatch, _ membership: Membership) {
        if case .forward = membership.reaction, mayForwardAtOnce { return transport.forward(batch) }
        guard takesEvents, let subscriptions else { return counters.dropEvents(batch.events.count, .ended) }
        for (index, event) in batch.events.enumerated() {
            switch subscriptions.queue.append(event, membership, position: mailbox.arrived) {
            case .queued(let dropped): counters.dropEvents(dropped, EventDrop(making: membership.policy))
            case .tooSlow:
                counters.dropEvents(batch.events.count - index, .disconnect)
                return isTooSlow(membership)
            }
        }
        queued()
    }

    package func deliver(_ event: LayerEvent, to channel: LocalChannel) {
        guard takesEvents, let subscriptions,
            let dropped = subscriptions.queue.append(event, channel, position: mailbox.arrived)
        else {
            channel.handled()
            return counters.dropEvents(1, .ended)
        }
        counters.dropEvents(dropped, .dropOldest)
        queued()
    }

    /// More waits than may, or for longer, of a group whose events build on each other.
    private func isTooSlow(_ membership: Membership) {
        if ending == nil { counters.disconnectMember() }
        let waiting = subscriptions?.queue.bytes ?? 0
        transport.overflow(
            "has \(waiting) bytes of events waiting, of the group '\(membership.group)' among them, which must not miss any: its peer or its handlers are too slow. Give the group another policy, or raise ConsumerLimits.events"
        )
    }

    private func queued() {
        guard let subscriptions, !subscriptions.queue.isEmpty else { return }
        hasEvents = true
        // What only has to be passed on needs no task.
        if !isAwake { passOn() }
    }

    /// Whether nothing is in front of an event that is passed on: no handler runs, no message and no event waits.
    private var mayForwardAtOnce: Bool { isOpen && !isAwake && !hasEvents && !transport.isBehind }

    /// Sends the events on that are next and only passed on; wakes the driver where there is something for it then.
    func passOn() {
        forwardDue()
        if !isAwake, hasWork { wake() }
    }

    // MARK: For the driver

    /// Whether an event is next, before the messages that wait.
    var isEventDue: Bool {
        guard hasEvents, let first = subscriptions?.queue.first else { return false }
        return first.position <= mailbox.handed
    }

    /// Whether events are taken: not once either side has begun to close.
    private var takesEvents: Bool {
        ending == nil && !isClosing && (isOpen || phase == .connecting || pendingAcceptance != nil)
    }

    /// Whether the next event is to be forwarded but has to wait, because the socket is not open yet or the peer is
    /// behind. Once the socket ends, events no longer wait: they are dropped.
    var isHeldUp: Bool {
        guard let first = subscriptions?.queue.first, isForwarded(first), takesEvents else { return false }
        return !isOpen || transport.isBehind
    }

    private func isForwarded(_ entry: EventQueue.Entry) -> Bool {
        if case .group(let membership) = entry.origin {
            if case .forward = membership.reaction { return true }
            if case .handle = membership.reaction { return false }
        }
        // Sockets are sent these as they are, unless the consumer knows better.
        return entry.event.message.type == LayerEvent.rawType && subscriptions?.handler(LayerEvent.rawType) == nil
    }

    /// Passes on what is next, as far as the socket takes it.
    func forwardDue() {
        guard let subscriptions else { return }
        while isEventDue, let first = subscriptions.queue.first, isForwarded(first) {
            if isHeldUp { return awaitDrain() }
            guard let entry = takeEvent() else { return }
            if !isOpen || transport.isBehind {
                counters.dropEvents(1, .ended)
            } else if isFresh(entry) {
                transport.forward(EventBatch(entry.event))
            }
        }
    }

    /// Handles the event that is next, which is not one to be passed on.
    func handleEvent() async throws {
        guard let entry = takeEvent(), isFresh(entry) else { return }
        if case .group(let membership) = entry.origin, case .handle(let handle) = membership.reaction {
            try await handle(entry.event)
        } else {
            try await dispatch(entry.event)
        }
    }

    private func takeEvent() -> EventQueue.Entry? {
        guard let subscriptions, let entry = subscriptions.queue.removeFirst() else { return nil }
        hasEvents = !subscriptions.queue.isEmpty
        eventsTaken &+= 1
        if case .channel(let channel) = entry.origin { channel.handled() }
        return entry
    }

    /// Whether an event is still of use.
    private func isFresh(_ entry: EventQueue.Entry) -> Bool {
        if entry.event.expires > loop.now { return true }
        counters.dropEvents(1, .expired)
        if case .group(let membership) = entry.origin, membership.policy == .disconnect { isTooSlow(membership) }
        return false
    }

    private func awaitDrain() {
        guard isOpen, let subscriptions, !subscriptions.awaitsDrain else { return }
        subscriptions.awaitsDrain = true
        transport.whenDrained { [self] in
            subscriptions.awaitsDrain = false
            if !isAwake, hasEvents { passOn() }
        }
    }

    // MARK: By type

    /// Hands `event` to the handler of its type. Channels makes a method's name of it.
    private func dispatch(_ event: LayerEvent) async throws {
        let message = event.message
        guard let type = message.type else {
            return ignore("a message without a type. Give it one under 'type'.", of: "")
        }
        guard LayerMessage.isType(type) else {
            return ignore("a message that has no handler. \(LayerMessage.malformed(type))", of: type)
        }
        if let handler = subscriptions?.handler(type) { return try await handler(event) }
        guard type == "websocket.receive" else {
            return ignore(
                "a message of type '\(type)', for which it has no handler. Register one in connect() with on(\"\(type)\").",
                of: type)
        }
        guard let received = decode(Message.self, event) else { return }
        try await consumer?.dispatch(.receive(received))
    }

    /// Something came over a layer that nothing can be done with: that is no reason to end a socket. Each type is named
    /// once a socket; all are counted.
    func ignore(_ what: String, of type: String) {
        counters.ignoreEvent()
        if subscribed.isFirstIgnored(type) { log.warning("\(name) was sent \(what)", metadata: place) }
    }

    // MARK: Groups

    /// What was made for groups so far, or is made now.
    var subscribed: Subscriptions {
        if let subscriptions { return subscriptions }
        let made = Subscriptions(limit: limits.events)
        subscriptions = made
        return made
    }

    /// Whether the consumer may still join groups and be present: the connection is not lost, and it has not closed.
    /// Messages that arrived before the peer's close frame are handled like any other.
    var mayJoin: Bool { (phase == .connecting || phase == .accepted) && !isClosing && !isLost && !hasLeft }

    /// The layer named `alias`, for sockets.
    func socketLayer(_ alias: String) throws(LayerError) -> any SocketLayer {
        let layer = try scope.services.getChannelLayer(alias)
        guard let layer = layer as? any SocketLayer else {
            throw .unsupported(
                "Sockets cannot join groups of the channel layer '\(alias)', a \(type(of: layer)). Give one of Strait's own that name."
            )
        }
        return layer
    }

    /// Joins `group`, or changes what is done with its events where the consumer is in it. What is sent to it anywhere
    /// is heard when this has returned.
    nonisolated(nonsending) func join(
        _ group: String, in layer: any SocketLayer, policy: SlowConsumerPolicy, _ reaction: Reaction
    ) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        guard mayJoin else { throw CancellationError() }
        if let membership = subscribed.membership(of: group, in: layer.groups) {
            membership.reaction = reaction
            membership.policy = policy
            if hasEvents, !isAwake { passOn() }
            return try await layer.establish(group)
        }
        subscribed.add(layer.groups.join(group, self, on: loop, policy: policy, reaction: reaction))
        do {
            try await layer.establish(group)
        } catch {
            leave(group, in: layer)
            throw error
        }
    }

    func leave(_ group: String, in layer: any SocketLayer) {
        leave(group, in: layer.groups)
    }

    private func leave(_ group: String, in table: GroupTable) {
        guard let subscriptions else { return }
        subscriptions.leave(group, in: table)
        hasEvents = !subscriptions.queue.isEmpty
        // What waited behind the group's events.
        if hasEvents, !isAwake { passOn() }
    }

    package func join(_ group: String, by channel: LocalChannel) {
        guard mayJoin, let subscriptions, subscriptions.channel === channel else { return }
        if subscriptions.membership(of: group, in: channel.table) != nil { return }
        subscriptions.add(channel.table.join(group, self, on: loop))
    }

    package func isMember(of group: String, by channel: LocalChannel) -> Bool {
        subscriptions?.membership(of: group, in: channel.table) != nil
    }

    package func leave(_ group: String, by channel: LocalChannel) {
        leave(group, in: channel.table)
    }

    /// Joins the groups of the consumer's class.
    nonisolated(nonsending) func joinOwnGroups() async throws {
        guard let consumer else { return }
        let groups = consumer.groups
        if groups.isEmpty { return }
        let layer = try socketLayer(consumer.channelLayerAlias)
        for group in groups { try await join(group, in: layer, policy: .disconnect, .dispatch) }
    }

    /// The name of the consumer's own channel, which it has from here on.
    func channelName(_ layer: any SocketLayer) -> String {
        if let name = subscribed.channelName { return name }
        let name = layer.socketChannel()
        subscribed.open(name, mayJoin ? layer.groups.register(name, self, on: loop) : nil)
        return name
    }

    /// Leaves all groups and presences, for good.
    func leaveGroups() {
        hasLeft = true
        leavesGroups = false
        guard let subscriptions else { return }
        counters.dropEvents(subscriptions.end(), .ended)
        hasEvents = false
    }

    /// Leaves all groups and presences once the running handler has ended, so that other members get the consumer's
    /// last messages before they see it leave.
    func leaveGroupsWhenQuiet() {
        guard isAwake else { return leaveGroups() }
        leavesGroups = true
        if isClosing { dropEvents() }
    }

    /// Drops the events that wait.
    func dropEvents() {
        guard let subscriptions else { return }
        counters.dropEvents(subscriptions.dropEvents(), .ended)
        hasEvents = false
    }
}
