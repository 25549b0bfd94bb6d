import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitNetwork
import StraitWebSocket

/// The fastlane: what a group says is framed once for all of its members on a loop, and compressed once in the process.
extension WebSocketDriver {
    func forward(_ batch: EventBatch) {
        assert(isAccepted && !isOver, "Events are passed on between the acceptance and the close alone.")
        if isCompressing, batch.largest >= compressionThreshold { return forwardEach(batch) }
        traffic.messagesSent.add(batch.events.count)
        outlet.write(shared: batch.joined(frames))
    }

    private var compressionThreshold: Int { server.configuration.compression?.threshold ?? .max }

    /// The plain frames of `events`, side by side.
    private func frames(_ events: [LayerEvent]) -> Bytes {
        var buffer = ByteBuffer(capacity: events.reduce(0) { $0 + $1.cost })
        for event in events {
            if let message = message(event) {
                FrameEncoder.append(Opcode(message.kind), message.payload, to: &buffer)
            }
        }
        return buffer.take()
    }

    /// Events of which some are worth compressing, for a socket that agreed to it.
    private func forwardEach(_ batch: EventBatch) {
        for event in batch.events {
            guard let message = message(event) else { continue }
            traffic.messagesSent.add()
            guard message.payload.count >= compressionThreshold, let bits = encoder.sharedWindowBits,
                let frame = event.frame(bits, { FrameEncoder.shared(message, codecs: server.codecs, windowBits: bits) })
            else {
                outlet.write { FrameEncoder.append(Opcode(message.kind), message.payload, to: &$0) }
                continue
            }
            encoder.sharedCompressedFrameWasSent()
            outlet.write(shared: frame)
        }
    }

    /// What a socket gets of `event`; nil, logged, where that cannot be sent to one.
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
