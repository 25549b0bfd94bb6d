public import StraitNetwork
internal import Synchronization

/// The channel layers that a program has, by their names; Channels' `channel_layers` and its setting `CHANNEL_LAYERS`.
///
/// ```swift
/// let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer(capacity: 10_000)]
/// ```
///
/// A `Site` declares them. A consumer uses the one that its `channelLayerAlias` names. Everything else finds them with
/// ``/StraitNetwork/ServiceProvider/getChannelLayer(_:)``.
public final class ChannelLayers: Service, ExpressibleByDictionaryLiteral {
    private let layers: Mutex<[String: any ChannelLayer]>

    /// One layer in memory, under `default`.
    public convenience init() { self.init(["default": InMemoryChannelLayer()]) }

    public init(_ layers: [String: any ChannelLayer]) {
        self.layers = Mutex(layers)
    }

    /// - Precondition: No name is given twice.
    public convenience init(dictionaryLiteral elements: (String, any ChannelLayer)...) {
        self.init(Dictionary(uniqueKeysWithValues: elements))
    }

    /// The layer named `alias`, or nil where there is none.
    public subscript(alias: String) -> (any ChannelLayer)? { layers.withLock { $0[alias] } }

    /// The layer named `alias`.
    ///
    /// - Throws: ``LayerError/noLayer(_:known:)`` where there is none; Channels' `InvalidChannelLayerError`.
    public func layer(_ alias: String = "default") throws(LayerError) -> any ChannelLayer {
        if let layer = self[alias] { return layer }
        throw .noLayer(alias, known: layers.withLock { $0.keys.sorted() })
    }

    /// The layers with their names, in the order of the names.
    package var all: [(alias: String, layer: any ChannelLayer)] {
        layers.withLock { layers in layers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    /// The errors of layers that other processes share and that do not answer, by their names.
    package func failures() async -> [(alias: String, error: any Error)] {
        var failures: [(alias: String, error: any Error)] = []
        for (alias, layer) in all {
            guard let layer = layer as? any SocketLayer, layer.isShared else { continue }
            do {
                _ = try await presenceCount(Presence<Int>("strait.check", layer: alias))
            } catch {
                failures.append((alias, error))
            }
        }
        return failures
    }

    /// Puts `layer` in the place of the one named `alias`, which is returned.
    @discardableResult
    public func set(_ alias: String, _ layer: (any ChannelLayer)?) -> (any ChannelLayer)? {
        layers.withLock { layers in
            defer { layers[alias] = layer }
            return layers[alias]
        }
    }

    /// Leaves all groups and closes the connections of all layers.
    public func stop() async {
        let sockets = layers.withLock { layers in layers.values.compactMap { $0 as? any SocketLayer } }
        await withTaskGroup { tasks in
            for layer in sockets { tasks.addTask { await layer.close() } }
        }
    }
}

/// Layers alone are the services of code that has no site, such as a test.
extension ChannelLayers: ServiceProvider {
    public var services: Services { Services.none.adding(self) }
}

extension ServiceProvider {
    /// The site's channel layer named `alias`, from anywhere: a page, a consumer, a worker, a command. Channels'
    /// `get_channel_layer`.
    ///
    /// ```swift
    /// try await request.getChannelLayer().groupSend("chat", ["type": "chat.message", "text": "hi"])
    /// ```
    ///
    /// - Throws: ``/StraitLayers/LayerError/noLayer(_:known:)`` if there is none.
    public func getChannelLayer(_ alias: String = "default") throws(LayerError) -> any ChannelLayer {
        guard let layers = services.find(ChannelLayers.self) else { throw .noLayer(alias, known: []) }
        return try layers.layer(alias)
    }
}
