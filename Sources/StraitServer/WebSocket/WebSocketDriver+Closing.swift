import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitWebSocket

/// The end of a socket: the actions of the close handshake, and the report to the consumer.
extension WebSocketDriver {
    func perform(_ actions: [CloseHandshake.Action]) {
        let isBeginning = isOpen && !closing.maySend
        if isBeginning {
            isOpen = false
            session?.setOpen(false)
        }
        for action in actions {
            switch action {
            case .send(let payload):
                sentCode = payload.code
                writeQueue.write { FrameEncoder.append(.close(payload), to: &$0) }
            case .startDeadline:
                awaitCloseFrame()
            case .shutTransport:
                loop.disarm(timer)
                if closing.peerHasClosed { exchange.expectNothing() }
                exchange.finish()
            case .abortTransport:
                loop.disarm(timer)
                exchange.abort()
            case .report(let close, let isLoss):
                if isAccepted { report(close, isLoss: isLoss) }
            }
        }
        // Reading continues until the peer's close frame, even if the mailbox is full: messages are discarded.
        if isBeginning, closing.mayReceive { resume() }
    }

    func sendCloseReply() {
        perform(closing.sendReply())
    }

    /// Starts the timeout for the peer's close frame after the server's close frame is sent, because much output may be
    /// queued before it.
    ///
    /// If the peer closed first, the same timeout limits the answers to its earlier messages, from the arrival of its
    /// close frame on.
    func awaitCloseFrame() {
        if exchange.queuedBytes == 0 || closing.isAnswering {
            return wait(.closeFrame, server.configuration.closeTimeout)
        }
        waitsFor = .closeSent
        loop.disarm(timer)
        exchange.notifyWhenDrained()
    }

    func report(_ close: Close, isLoss: Bool) {
        let ours = failure ?? sentCode
        traffic.sockets.add(-1)
        server.counters.closeSocket(ours ?? close.code)
        logEnd(close, ours: ours)
        if !closing.isAnswering { loop.disarm(timer) }
        session?.end(close, isLoss: isLoss)
        callDrained()
    }
}
