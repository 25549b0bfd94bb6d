package import StraitNetwork
internal import Synchronization

/// A message on its way to the members of a group, or to one channel. All members share it.
package final class LayerEvent: Sendable {
    /// What was sent.
    package let message: LayerMessage
    /// Whom it is not for: the member that sent it, where that was asked for.
    package let sender: ObjectIdentifier?
    /// When it is too old to be of use.
    package let expires: Instant
    private let made = Mutex(Made())

    private struct Made {
        var text: Result<Bytes, LayerError>?
        var deflated: [Int: Bytes] = [:]
    }

    package init(_ message: LayerMessage, sender: ObjectIdentifier? = nil, expires: Instant) {
        self.message = message
        self.sender = sender
        self.expires = expires
    }

    /// The message as JSON, for the sockets that it is only passed on to; made once for all of them.
    package var text: Result<Bytes, LayerError> {
        made.withLock { made in
            if let text = made.text { return text }
            let text = Result { () throws(LayerError) in try JSONText.of(message) }
            made.text = text
            return text
        }
    }

    /// What `make` made of the text for sockets that agreed on a compression window of `bits`; made once for all of them.
    package func deflated(_ bits: Int, _ make: () throws -> Bytes) rethrows -> Bytes {
        if let ready = made.withLock({ $0.deflated[bits] }) { return ready }
        let bytes = try make()
        made.withLock { $0.deflated[bits] = bytes }
        return bytes
    }
}
