/// An error of a channel layer. Some cases have the name of an exception in Channels.
public enum LayerError: Error, Hashable, Sendable {
    /// The channel name is not valid.
    case invalidChannelName(String)
    /// The group name is not valid.
    case invalidGroupName(String)
    /// The channel's queue is full, so nothing was sent. Channels' `ChannelFull`.
    case channelFull(String)
    /// The message cannot be sent. The text says why.
    case invalidMessage(String)
    /// No channel layer has this name. Channels' `InvalidChannelLayerError`.
    case noLayer(String, known: [String])
    /// The layer's server cannot be reached, did not answer in time, or the layer is closed. The text gives details.
    /// All, some or none of the receivers may have got the message.
    case unavailable(String)
    /// The channel layer does not support the operation. The text says which, and what to do instead.
    case unsupported(String)
}

extension LayerError: CustomStringConvertible {
    /// The error's text: what happened and what to do.
    public var description: String {
        switch self {
        case .invalidChannelName(let name): "The channel name '\(name)' \(Self.rule)"
        case .invalidGroupName(let name): "The group name '\(name)' \(Self.rule)"
        case .channelFull(let name):
            """
            The channel '\(name)' is full: it has no receiver, or its receiver is too slow. Check that a worker reads \
            this channel, send fewer messages, or raise the channel's capacity.
            """
        case .invalidMessage(let text), .unsupported(let text), .unavailable(let text): text
        case .noLayer(let alias, let known):
            "There is no channel layer named '\(alias)'. "
                + (known.isEmpty ? "Set the site's channelLayers." : "Known layers: \(known.joined(separator: ", ")).")
        }
    }

    private static let rule =
        "is not valid. Use at most \(LayerName.longest) ASCII letters, digits, hyphens, underscores and periods."
}
