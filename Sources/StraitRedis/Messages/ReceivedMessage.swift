package import StraitLayers
package import StraitNetwork

/// The content of a received payload.
package struct ReceivedMessage: Sendable, Hashable {
    /// The payload's prefix, or empty if the envelope has none.
    package let prefix: Bytes
    /// The message without its destination.
    package let message: LayerMessage
    /// The destination channels, or empty if the queue has only one channel.
    package let destinations: [String]
}
