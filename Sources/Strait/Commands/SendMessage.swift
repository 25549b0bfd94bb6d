import StraitCommandLine
import StraitCore
import StraitLayers
import StraitRedis

/// Sends one message to a group or a channel.
struct SendMessage: Command {
    static let name = "send"
    static let summary = "Sends a message to a group or a channel."

    var destination = ""
    var message = ""
    var isChannel = false
    var layer = "default"

    static var options: [CommandOption<SendMessage>] {
        [
            .argument("GROUP", "The group, or the channel with --channel.", \.destination),
            .argument("JSON", "The message: an object with a type, such as '{\"type\": \"note\"}'.", \.message),
            .flag("--channel", "Whether to send to a channel, such as a worker's.", \.isChannel),
            .value("--layer", "ALIAS", "The channel layer (default: default).", \.layer),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let content: LayerMessage
        do {
            content = try LayerMessage(json: Bytes(message), dialect: .strict)
        } catch {
            throw UsageError(
                "The message is not a JSON object. \(error) Write it in single quotes: "
                    + "'{\"type\": \"note\", \"text\": \"hi\"}'.")
        }
        guard let type = content.type, LayerMessage.isType(type) else {
            throw UsageError(
                "The message has no type, which selects its handler. Add one: '{\"type\": \"note\"}'.")
        }
        let layer = try context.getChannelLayer(layer)
        if let layer = layer as? any LocalDeliveryLayer, !layer.isShared {
            throw CommandError(
                "The channel layer '\(self.layer)' is in this process's memory, so no server would receive the "
                    + "message. Set CHANNEL_LAYERS to the layer that the site's servers use.")
        }
        if isChannel {
            try await layer.send(destination, content)
        } else {
            try await layer.groupSend(destination, content)
        }
        context.print("Sent to the \(isChannel ? "channel" : "group") \(destination).")
    }
}
