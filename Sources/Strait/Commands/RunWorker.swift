import StraitLayers
import StraitNetwork
import StraitServer

/// Works off the messages of channels until it is told to stop; Channels' `runworker`.
struct RunWorker: Command {
    static let name = "runworker"
    static let summary = "Works off the messages of channels."

    var channels: [String] = []
    var layer: String?
    var loops: WholeNumber<1, 1024>?
    var stopTimeout: Duration?
    var logLevel = LogLevel.info

    static var options: [CommandOption<RunWorker>] {
        [
            .arguments("CHANNEL", "The channels; all that the site has workers for unless given.", \.channels),
            .value("--layer", "ALIAS", "The channel layer; the configuration's workerLayer unless given.", \.layer),
            .value("--loops", "N", "How many event loops to run; one a core unless given.", \.loops),
            .value("--stop-timeout", "SECONDS", "How long stopping waits for what is under way.", \.stopTimeout),
            .value(
                "--log-level", "LEVEL", "What is logged at least: \(LogLevel.expectation.dropFirst("one of ".count)).",
                \.logLevel),
        ]
    }

    func run(_ context: CommandContext) async throws {
        try context.checkSettings()
        let application = try context.site.application
        var configuration = context.site.configuration
        if let layer { configuration.workerLayer = layer }
        if let stopTimeout { configuration.stopTimeout = stopTimeout }
        let alias = configuration.workerLayer
        if let layer = try getChannelLayer(alias) as? any SocketLayer, !layer.isShared {
            throw CommandError(
                "The channel layer '\(alias)' is in the memory of this process, so that nobody can send to it. Set CHANNEL_LAYERS to one in Redis; without it, runserver works off what is sent within it by itself."
            )
        }
        let channels = channels.isEmpty ? application.channelNames : channels
        guard !channels.isEmpty else {
            throw CommandError(
                "The site has no workers. Route channels to them with ChannelNameRouter, under ProtocolTypeRouter(channel:)."
            )
        }
        try await context.site.serverWillStart()
        let stop = StopSignal()
        let server = Server(
            application: application, configuration: configuration, loops: loops?.value,
            log: Log(level: logLevel))
        do {
            try server.startWorkers(channels, layer: alias)
        } catch {
            await server.stop()
            await context.site.serverDidStop()
            throw error
        }
        context.print("Working off \(channels.joined(separator: ", ")); stop it with Ctrl-C.")
        await stop.wait()
        context.print("Stopping; a second Ctrl-C ends at once.")
        await server.stop()
        await context.site.serverDidStop()
    }
}
