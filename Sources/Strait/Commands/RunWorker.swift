import StraitCommandLine
import StraitCore
import StraitLayers
import StraitServer

/// Processes the messages of channels until it receives a stop signal; Channels' `runworker`.
struct RunWorker: Command {
    static let name = "runworker"
    static let summary = "Processes the messages of channels."
    static let startsServices = false

    var channels: [String] = []
    var layer: String?
    var loops: WholeNumber<1, 1024>?
    var stopTimeout: Duration?
    var logLevel = LogLevel.info

    static var options: [CommandOption<RunWorker>] {
        [
            .arguments("CHANNEL", "The channels (default: all channels with workers).", \.channels),
            .value("--layer", "ALIAS", "The channel layer (default: the configuration's workerLayer).", \.layer),
            .value("--loops", "N", "The number of event loops (default: one per core).", \.loops),
            .value("--stop-timeout", "SECONDS", "The time limit for running work when stopping.", \.stopTimeout),
            .value(
                "--log-level", "LEVEL", "The lowest level to log: \(LogLevel.expectation.dropFirst("one of ".count)).",
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
        if let layer = try site.getChannelLayer(alias) as? any LocalDeliveryLayer, !layer.isShared {
            throw CommandError(
                "The channel layer '\(alias)' is in this process's memory, so no other process can send to it. Set "
                    + "CHANNEL_LAYERS to a Redis layer. Without one, runserver processes the messages itself.")
        }
        let channels = channels.isEmpty ? site.application.channelNames : channels
        guard !channels.isEmpty else {
            throw CommandError(
                "The site has no workers. Add a ChannelNameRouter to its routes."
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
        context.print("Processing \(channels.joined(separator: ", ")); stop it with Ctrl-C.")
        await stop.wait()
        context.print("Stopping; a second Ctrl-C ends at once.")
        await server.stop()
        await context.stop(site)
    }
}
