import StraitCommandLine
import StraitLayers
import StraitNetwork
import StraitServer

/// Works off the messages of channels until it is told to stop; Channels' `runworker`.
struct RunWorker: Command {
    static let name = "runworker"
    static let summary = "Works off the messages of channels."
    static let startsServices = false

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
        var configuration = context.parts.configuration
        if let layer { configuration.workerLayer = layer }
        if let stopTimeout { configuration.stopTimeout = stopTimeout }
        let alias = configuration.workerLayer
        let site = try context.compose(configuration)
        if let layer = try site.getChannelLayer(alias) as? any SocketLayer, !layer.isShared {
            throw CommandError(
                "The channel layer '\(alias)' is in the memory of this process, so that nobody can send to it. Set CHANNEL_LAYERS to one in Redis; without it, runserver works off what is sent within it by itself."
            )
        }
        let channels = channels.isEmpty ? site.application.channelNames : channels
        guard !channels.isEmpty else {
            throw CommandError(
                "The site has no workers. Put a ChannelNameRouter among its routes."
            )
        }
        try await site.start()
        let stop = StopSignal()
        let server = Server(
            application: site.application, configuration: site.configuration, loops: loops?.value, services: site,
            log: Log(level: logLevel))
        do {
            try server.startWorkers(channels, layer: alias)
        } catch {
            await server.stop()
            await context.stop(site)
            throw error
        }
        context.print("Working off \(channels.joined(separator: ", ")); stop it with Ctrl-C.")
        await stop.wait()
        context.print("Stopping; a second Ctrl-C ends at once.")
        await server.stop()
        await context.stop(site)
    }
}
