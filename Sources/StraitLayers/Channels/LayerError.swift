/// Why a channel layer did not do what it was asked to. Channels' exceptions of the same names, and what it has no name
/// for.
public enum LayerError: Error, Hashable, Sendable {
    /// The name cannot be a channel's.
    case invalidChannelName(String)
    /// The name cannot be a group's.
    case invalidGroupName(String)
    /// Its queue is full; nothing was sent. Channels' `ChannelFull`.
    case channelFull(String)
    /// The message cannot be sent; the text says why.
    case invalidMessage(String)
    /// There is no channel layer of this name. Channels' `InvalidChannelLayerError`.
    case noLayer(String, known: [String])
    /// What the channel layer is kept in cannot be reached, or did not answer in time; the text says more. Nobody may
    /// have got the message, or some.
    case unavailable(String)
    /// The channel layer cannot do what was asked of it; the text says what, and what to do.
    case unsupported(String)
}

extension LayerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidChannelName(let name): "The channel name '\(name)' \(Self.rule)"
        case .invalidGroupName(let name): "The group name '\(name)' \(Self.rule)"
        case .channelFull(let name):
            "The channel '\(name)' is full: nobody receives from it, or not quickly enough. See whether a worker reads a channel of this name, send less, or raise its capacity."
        case .invalidMessage(let text), .unsupported(let text), .unavailable(let text): text
        case .noLayer(let alias, let known):
            "There is no channel layer named '\(alias)'. "
                + (known.isEmpty ? "Give the site its channelLayers." : "There is \(known.joined(separator: ", ")).")
        }
    }

    private static let rule =
        "is not valid. Give one of at most \(LayerName.longest) ASCII letters, digits, hyphens, underscores or periods."
}
