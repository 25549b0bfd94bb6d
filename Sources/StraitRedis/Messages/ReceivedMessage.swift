package import StraitLayers
package import StraitNetwork

/// What a payload was made of.
package struct ReceivedMessage: Sendable, Hashable {
    /// The bytes in front of the payload; none where the envelope has none.
    package let prefix: Bytes
    /// The message as it was sent, without its destination.
    package let message: LayerMessage
    /// The channels that it names; none where the queue has but one.
    package let destinations: [String]
}
