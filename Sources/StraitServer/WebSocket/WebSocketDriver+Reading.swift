import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitWebSocket

/// Reading frames while the consumer has room. Otherwise received bytes wait in the backlog.
extension WebSocketDriver {
    /// Reads frames while the consumer has room. Returns the number of consumed bytes.
    func read(_ bytes: Span<UInt8>) -> Int {
        isReading = true
        defer { isReading = false }
        guard let session, let parser else { return bytes.count }
        let arena = server.arena
        var position = 0
        var count = 0
        // Counted once for each read, not for each message.
        defer { traffic.messagesReceived.add(count) }
        do throws(WebSocketError) {
            var begin = position
            defer { if isCompressing { expansion?.value.received(position - begin) } }
            while !isPaused, !isResting, let event = try parser.value.next(bytes, &position, arena: &arena.value) {
                switch consume event {
                case .message(let message):
                    count &+= 1
                    if isCompressing {
                        spend(message.payload.count, packed: position - begin)
                        begin = position
                    }
                    // After the server's close frame, messages are read and discarded until the peer's close frame.
                    if isOpen { session.deliver(message) } else { server.counters.dropAfterClose() }
                case .ping(let payload): pong(payload)
                case .pong(let payload): heartbeat.heard(pong: payload, now: loop.time.now)
                case .close(let payload): perform(closing.received(payload))
                }
            }
        } catch {
            fail(error)
            return bytes.count
        }
        return position
    }

    /// Pauses reading if the socket has used up its expansion budget, so that other sockets are served first.
    func spend(_ count: Int, packed: Int) {
        switch expansion?.value.spend(count, packed: packed) {
        case .none?, nil: return
        case .turn?: rest(for: nil)
        case .time(let duration)?:
            traffic.expansionRests.add()
            rest(for: duration)
        }
    }

    func rest(for duration: Duration?) {
        isResting = true
        exchange.pause()
        if let duration {
            // This is rare enough for a separate timer.
            let timer = LoopTimer()
            timer.action = { [self, timer] in
                timer.action = {}
                goOn()
            }
            loop.arm(timer, after: duration)
        } else {
            // SAFETY: the call runs on the loop, and no other thread uses the driver.
            nonisolated(unsafe) let driver = self
            loop.execute { unsafe driver.goOn() }
        }
    }

    func goOn() {
        isResting = false
        if !isPaused { readOn() }
    }

    /// Reports the size of the unfinished message to the counters. Closes the socket if all unfinished messages
    /// together exceed the limit.
    func noteHeld() {
        guard let parser else { return }
        let held = parser.value.heldCapacity
        guard held != heldBytes, !hasEnded else { return }
        let isMore = held > heldBytes
        guard hold(held) > server.configuration.unfinishedMessages, isMore else { return }
        server.counters.reach(.unfinishedMessages)
        parser.value.end()
        hold(0)
        fail(.tooManyUnfinished)
    }

    @discardableResult
    func hold(_ bytes: Int) -> Int {
        defer { heldBytes = bytes }
        return server.counters.holdUnfinished(bytes - heldBytes)
    }

    /// Closes the socket because the peer violated the protocol or exceeded a limit.
    func fail(_ error: WebSocketError) {
        failure = error.code
        if error.code == .messageTooBig { server.counters.reach(.messageSize) }
        perform(closing.failed(error))
    }

    /// Keeps received bytes for later.
    func keep(_ bytes: Span<UInt8>) {
        backlog.append(bytes)
        hasBacklog = true
    }

    func pong(_ payload: Bytes) {
        guard closing.maySend else { return }
        // A peer that pings without reading gets one pong, for its latest ping (RFC 6455 §5.5.3).
        if exchange.queuedBytes > softLimit {
            pendingPong = payload
            exchange.notifyWhenDrained()
            return
        }
        writeQueue.write { FrameEncoder.append(.pong(payload), to: &$0) }
    }

    /// Reads the kept bytes, and then newly received ones.
    func readOn() {
        if hasBacklog, !isReading {
            let bytes = backlog.take()
            hasBacklog = false
            let consumed = read(bytes.span)
            if consumed < bytes.count { keep(bytes.slice(consumed..<bytes.count).span) }
            noteHeld()
        }
        if !isPaused, !isResting { exchange.resume() }
    }
}
