import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitWebSocket

/// Forwarding of group events to sockets. An event is framed once for all members on a loop, and compressed once in the
/// process.
extension WebSocketDriver {
    func forward(_ batch: EventBatch) {
        assert(isAccepted && !hasEnded, "Events are forwarded only between the acceptance and the close.")
        if isCompressing, batch.largest >= compressionThreshold { return forwardEach(batch) }
        traffic.messagesSent.add(batch.events.count)
        writeQueue.write(shared: batch.joined(frames))
    }

    private var compressionThreshold: Int { server.configuration.compression?.threshold ?? .max }

    /// Returns the uncompressed frames of `events` in one buffer.
    private func frames(_ events: [LayerEvent]) -> Bytes {
        var buffer = ByteBuffer(capacity: events.reduce(0) { $0 + $1.cost })
        for event in events {
            if let message = message(event) {
                FrameEncoder.append(Opcode(message.kind), message.payload, to: &buffer)
            }
        }
        return buffer.take()
    }

    /// Forwards events one by one to a socket with compression, because some are long enough to compress.
    private func forwardEach(_ batch: EventBatch) {
        for event in batch.events {
            guard let message = message(event) else { continue }
            traffic.messagesSent.add()
            guard message.payload.count >= compressionThreshold, let bits = encoder.sharedWindowBits,
                let frame = event.frame(bits, { FrameEncoder.shared(message, codecs: server.codecs, windowBits: bits) })
            else {
                writeQueue.write { FrameEncoder.append(Opcode(message.kind), message.payload, to: &$0) }
                continue
            }
            encoder.sharedCompressedFrameWasSent()
            writeQueue.write(shared: frame)
        }
    }

    /// Returns the WebSocket message for `event`. Logs and returns nil if the event cannot be sent to a socket.
    private func message(_ event: LayerEvent) -> Message? {
        switch event.outgoing {
        case .success(let outgoing):
            return Message(outgoing.isText ? .text : .binary, validated: outgoing.payload)
        case .failure(let error):
            server.counters.consumers.dropEvents(1, .unsendable)
            server.log.warning(
                "A message could not be sent to sockets: \(error)", metadata: ["type": "\(event.message.type ?? "")"])
            return nil
        }
    }
}
