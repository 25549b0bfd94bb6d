public import StraitCore
internal import Synchronization

/// A site's channel layers by name: Channels' `channel_layers` and its setting `CHANNEL_LAYERS`.
///
/// ```swift
/// let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer(capacity: 10_000)]
/// ```
///
/// A `Site` declares its layers. A consumer uses the layer that its `channelLayerAlias` names. Other code calls
/// ``/StraitCore/ServiceProvider/getChannelLayer(_:)``.
public final class ChannelLayers: Service, ExpressibleByDictionaryLiteral {
    private let layers: Mutex<[String: any ChannelLayer]>

    /// Creates a single in-memory layer named `default`.
    public convenience init() { self.init(["default": InMemoryChannelLayer()]) }

    /// Creates layers from a dictionary of names and layers.
    public init(_ layers: [String: any ChannelLayer]) {
        self.layers = Mutex(layers)
    }

    /// Creates layers from a dictionary literal of names and layers.
    ///
    /// - Precondition: The names are unique.
    public convenience init(dictionaryLiteral elements: (String, any ChannelLayer)...) {
        self.init(Dictionary(uniqueKeysWithValues: elements))
    }

    /// The layer named `alias`, or nil if there is none.
    public subscript(alias: String) -> (any ChannelLayer)? { layers.withLock { $0[alias] } }

    /// Returns the layer named `alias`.
    ///
    /// - Throws: ``LayerError/noLayer(_:known:)`` if there is none; Channels' `InvalidChannelLayerError`.
    public func layer(_ alias: String = "default") throws(LayerError) -> any ChannelLayer {
        if let layer = self[alias] { return layer }
        throw .noLayer(alias, known: layers.withLock { $0.keys.sorted() })
    }

    /// The layers with their names, sorted by name.
    package var all: [(alias: String, layer: any ChannelLayer)] {
        layers.withLock { layers in layers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    /// Checks each layer that is shared with other processes. Returns the errors of the layers that fail, with their
    /// names.
    package func failures() async -> [(alias: String, error: any Error)] {
        var failures: [(alias: String, error: any Error)] = []
        for (alias, layer) in all {
            guard let layer = layer as? any LocalDeliveryLayer, layer.isShared else { continue }
            do {
                _ = try await presenceCount(Presence<Int>("strait.check", layer: alias))
            } catch {
                failures.append((alias, error))
            }
        }
        return failures
    }

    /// Replaces the layer named `alias`, and returns the previous one. A nil `layer` removes it.
    @discardableResult
    public func set(_ alias: String, _ layer: (any ChannelLayer)?) -> (any ChannelLayer)? {
        layers.withLock { layers in
            defer { layers[alias] = layer }
            return layers[alias]
        }
    }

    /// Ends all waits for messages. Layers over Redis also leave all groups and close their connections.
    public func stop() async {
        let sockets = layers.withLock { layers in layers.values.compactMap { $0 as? any LocalDeliveryLayer } }
        await withTaskGroup { tasks in
            for layer in sockets { tasks.addTask { await layer.close() } }
        }
    }
}

/// Makes the layers usable as the services of code without a site, such as a test.
extension ChannelLayers: ServiceProvider {
    /// Services that contain only these layers.
    public var services: Services { Services.none.adding(self) }
}

extension ServiceProvider {
    /// Returns the site's channel layer named `alias`. Callable from pages, consumers, workers and commands. Channels'
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
