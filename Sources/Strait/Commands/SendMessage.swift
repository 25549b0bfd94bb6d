import StraitCommandLine
import StraitLayers
import StraitNetwork
import StraitRedis

/// Sends one message to a group, or to a channel, from the command line.
struct SendMessage: Command {
    static let name = "send"
    static let summary = "Sends a message to a group or a channel."

    var destination = ""
    var message = ""
    var isChannel = false
    var layer = "default"

    static var options: [CommandOption<SendMessage>] {
        [
            .argument("GROUP", "The group, or with --channel the channel.", \.destination),
            .argument("JSON", "The message: an object with a type, such as '{\"type\": \"note\"}'.", \.message),
            .flag("--channel", "Whether it goes to a channel, a worker's for instance.", \.isChannel),
            .value("--layer", "ALIAS", "The channel layer; default unless given.", \.layer),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let content: LayerMessage
        do {
            content = try LayerMessage(json: Bytes(message), dialect: .strict)
        } catch {
            throw UsageError(
                "The message is no JSON object. \(error) Write it in single quotes: '{\"type\": \"note\", \"text\": \"hi\"}'."
            )
        }
        guard let type = content.type, LayerMessage.isType(type) else {
            throw UsageError(
                "The message has no type, by which its handler is found. Give it one: '{\"type\": \"note\"}'.")
        }
        let layer = try context.getChannelLayer(layer)
        if let layer = layer as? any SocketLayer, !layer.isShared {
            throw CommandError(
                "The channel layer '\(self.layer)' is in the memory of this process, so that nobody would hear it. Set CHANNEL_LAYERS to the one that the site's servers have."
            )
        }
        if isChannel {
            try await layer.send(destination, content)
        } else {
            try await layer.groupSend(destination, content)
        }
        context.print("Sent to the \(isChannel ? "channel" : "group") \(destination).")
    }
}
