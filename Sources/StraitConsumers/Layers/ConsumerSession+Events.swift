import StraitCore
import StraitHTTP
package import StraitLayers
import StraitWebSocket

/// Delivery of channel layer events to a consumer, in order with the messages of its peer. An event that is only
/// forwarded goes directly to the socket if nothing is queued before it.
extension ConsumerSession: ChannelMember {
    // MARK: From the layers

    package func deliver(_ batch: EventBatch, _ membership: Membership) {
        if case .forward = membership.mode, mayForwardAtOnce { return transport.forward(batch) }
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

    /// Disconnects the peer, because the event queue is full or stale and events of `membership` must not be dropped.
    private func isTooSlow(_ membership: Membership) {
        if ending == nil { counters.disconnectMember() }
        let waiting = subscriptions?.queue.bytes ?? 0
        transport.overflow(
            """
            has \(waiting) bytes of queued events, and those of the group '\(membership.group)' must not be dropped: \
            its peer or its handlers are too slow. Give the group another policy, or raise ConsumerLimits.events
            """
        )
    }

    private func queued() {
        guard let subscriptions, !subscriptions.queue.isEmpty else { return }
        hasEvents = true
        // Forwarding events needs no task.
        if !isAwake { passOn() }
    }

    /// Whether an event can be forwarded immediately: no handler runs, and no message or event is queued.
    private var mayForwardAtOnce: Bool { isOpen && !isAwake && !hasEvents && !transport.isBehind }

    /// Forwards the next events in the queue. Wakes the driver if work for it follows.
    func passOn() {
        forwardDue()
        if !isAwake, hasWork { wake() }
    }

    // MARK: For the driver

    /// Whether an event is to be handled before the queued messages.
    var isEventDue: Bool {
        guard hasEvents, let first = subscriptions?.queue.first else { return false }
        return first.position <= mailbox.handed
    }

    /// Whether events are accepted: only until either side starts to close.
    private var takesEvents: Bool {
        ending == nil && !isClosing && (isOpen || phase == .connecting || pendingAcceptance != nil)
    }

    /// Whether the next event is to be forwarded but must wait, because the socket is not open yet or the peer is
    /// behind. Once the socket ends, events no longer wait: they are dropped.
    var isBehind: Bool {
        guard let first = subscriptions?.queue.first, isForwarded(first), takesEvents else { return false }
        return !isOpen || transport.isBehind
    }

    private func isForwarded(_ entry: EventQueue.Entry) -> Bool {
        if case .group(let membership) = entry.origin {
            if case .forward = membership.mode { return true }
            if case .handle = membership.mode { return false }
        }
        // A raw message is sent to the socket unchanged, unless the consumer has a handler for it.
        return entry.event.message.type == LayerEvent.rawType && subscriptions?.handler(LayerEvent.rawType) == nil
    }

    /// Forwards the next events in the queue until the socket cannot take more.
    func forwardDue() {
        guard let subscriptions else { return }
        while isEventDue, let first = subscriptions.queue.first, isForwarded(first) {
            if isBehind { return awaitDrain() }
            guard let entry = takeEvent() else { return }
            if !isOpen || transport.isBehind {
                counters.dropEvents(1, .ended)
            } else if isFresh(entry) {
                transport.forward(EventBatch(entry.event))
            }
        }
    }

    /// Handles the next event, which is not a forwarded one.
    func handleEvent() async throws {
        guard let entry = takeEvent(), isFresh(entry) else { return }
        if case .group(let membership) = entry.origin, case .handle(let handle) = membership.mode {
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

    /// Whether an event has not expired. An expired event is counted as dropped, and disconnects the peer if its
    /// group's policy requires it.
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

    /// Passes `event` to the handler of its type. Channels calls the method named after the type.
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
                """
                a message of type '\(type)', for which it has no handler. Register one in connect() with \
                on("\(type)").
                """,
                of: type)
        }
        guard let received = decode(Message.self, event) else { return }
        try await consumer?.dispatch(.receive(received))
    }

    /// Counts an event that cannot be handled. It is not a reason to end the socket. Each type is logged once per
    /// socket.
    func ignore(_ what: String, of type: String) {
        counters.ignoreEvent()
        if subscribed.isFirstIgnored(type) { log.warning("\(name) was sent \(what)", metadata: place) }
    }

    // MARK: Groups

    /// The subscriptions, created when first used.
    var subscribed: Subscriptions {
        if let subscriptions { return subscriptions }
        let made = Subscriptions(limit: limits.events)
        subscriptions = made
        return made
    }

    /// Whether the consumer may still join groups and presences: the connection is not lost, and the consumer has not
    /// closed it. Messages that arrived before the peer's close frame are handled like any other.
    var mayJoin: Bool { (phase == .connecting || phase == .accepted) && !isClosing && !isLost && !hasLeft }

    /// Returns the layer named `alias`, which must support sockets.
    func socketLayer(_ alias: String) throws(LayerError) -> any LocalDeliveryLayer {
        let layer = try scope.services.getChannelLayer(alias)
        guard let layer = layer as? any LocalDeliveryLayer else {
            throw .unsupported(
                """
                Sockets cannot join groups of the channel layer '\(alias)', a \(type(of: layer)). Use one of Strait's \
                channel layers under that name.
                """
            )
        }
        return layer
    }

    /// Joins `group`. If the consumer is already a member, only the delivery mode and the policy change. After this
    /// returns, events from all processes arrive.
    nonisolated(nonsending) func join(
        _ group: String, in layer: any LocalDeliveryLayer, policy: SlowConsumerPolicy, _ mode: DeliveryMode
    ) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        guard mayJoin else { throw CancellationError() }
        if let membership = subscribed.membership(of: group, in: layer.groups) {
            membership.mode = mode
            membership.policy = policy
            if hasEvents, !isAwake { passOn() }
            return try await layer.establish(group)
        }
        subscribed.add(layer.groups.join(group, self, on: loop, policy: policy, mode: mode))
        do {
            try await layer.establish(group)
        } catch {
            leave(group, in: layer)
            throw error
        }
    }

    func leave(_ group: String, in layer: any LocalDeliveryLayer) {
        leave(group, in: layer.groups)
    }

    private func leave(_ group: String, in table: GroupTable) {
        guard let subscriptions else { return }
        subscriptions.leave(group, in: table)
        hasEvents = !subscriptions.queue.isEmpty
        // Forward the events that were queued after the group's events.
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

    /// Joins the groups in the consumer's `groups`.
    nonisolated(nonsending) func joinOwnGroups() async throws {
        guard let consumer else { return }
        let groups = consumer.groups
        if groups.isEmpty { return }
        let layer = try socketLayer(consumer.channelLayerAlias)
        for group in groups { try await join(group, in: layer, policy: .disconnect, .dispatch) }
    }

    /// Returns the name of the consumer's channel, and opens the channel if needed.
    func channelName(_ layer: any LocalDeliveryLayer) -> String {
        if let name = subscribed.channelName { return name }
        let name = layer.socketChannel()
        subscribed.open(name, mayJoin ? layer.groups.register(name, self, on: loop) : nil)
        return name
    }

    /// Leaves all groups and presences permanently.
    func leaveGroups() {
        hasLeft = true
        leavesGroups = false
        guard let subscriptions else { return }
        counters.dropEvents(subscriptions.end(), .ended)
        hasEvents = false
    }

    /// Leaves all groups and presences when the running handler has returned. Other members then get the consumer's
    /// last messages before they see it leave.
    func leaveGroupsWhenQuiet() {
        guard isAwake else { return leaveGroups() }
        leavesGroups = true
        if isClosing { dropEvents() }
    }

    /// Drops all queued events.
    func dropEvents() {
        guard let subscriptions else { return }
        counters.dropEvents(subscriptions.dropEvents(), .ended)
        hasEvents = false
    }
}
