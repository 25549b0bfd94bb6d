package import StraitNetwork
internal import Synchronization

/// The channel layers that a program has, by their names; Channels' `channel_layers` and its setting `CHANNEL_LAYERS`.
///
/// ```swift
/// let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer(capacity: 10_000)]
/// ```
///
/// A `Site` declares them; a consumer uses the one that its `channelLayerAlias` names, and everything else finds them
/// with ``getChannelLayer(_:)``.
public final class ChannelLayers: Sendable, ExpressibleByDictionaryLiteral {
    private let layers: Mutex<[String: any ChannelLayer]>
    /// Whether these are the layers of the process: a task finds them without being given them.
    private let isOfProcess = Atomic<Bool>(false)

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

    /// Puts `layer` in the place of the one named `alias`, which is returned.
    @discardableResult
    public func set(_ alias: String, _ layer: (any ChannelLayer)?) -> (any ChannelLayer)? {
        layers.withLock { layers in
            defer { layers[alias] = layer }
            return layers[alias]
        }
    }

    /// Leaves all groups and ends the connections of all layers; for a program that ends.
    package func close() async {
        let sockets = layers.withLock { layers in layers.values.compactMap { $0 as? any SocketLayer } }
        await withTaskGroup { tasks in
            for layer in sockets { tasks.addTask { await layer.close() } }
        }
    }

    // MARK: Which there are

    private static let process = Mutex<ChannelLayers?>(nil)

    /// The layers of the task that asks where it was given its own, as a test's are; else those of the process.
    public static var current: ChannelLayers { bound ?? ofProcess }

    /// The layers that a task was given.
    @TaskLocal package static var bound: ChannelLayers?

    /// The layers of the process: one in memory until a site has set its own.
    package static var ofProcess: ChannelLayers {
        get { process.withLock { $0 ?? install(ChannelLayers(), in: &$0) } }
        set { process.withLock { _ = install(newValue, in: &$0) } }
    }

    private static func install(_ layers: ChannelLayers, in place: inout ChannelLayers?) -> ChannelLayers {
        place?.isOfProcess.store(false, ordering: .relaxed)
        layers.isOfProcess.store(true, ordering: .relaxed)
        place = layers
        return layers
    }

    /// Runs `body` with these layers as its ``current`` ones; for tests, each of which has its own then.
    public nonisolated(nonsending) func asCurrent<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        try await Self.$bound.withValue(self, operation: body)
    }

    /// Runs `body`, a task's all, with these layers as its ``current`` ones.
    package func provide(_ isolation: isolated LoopIsolation, _ body: () async -> Void) async {
        if isOfProcess.load(ordering: .relaxed) { return await body() }
        await Self.$bound.withValue(self, operation: body)
    }
}

/// The channel layer named `alias`, from anywhere: a page, a timer, a worker, a command. Channels' `get_channel_layer`.
///
/// ```swift
/// try await getChannelLayer().groupSend("chat", ["type": "chat.message", "text": "hi"])
/// ```
///
/// - Throws: ``LayerError/noLayer(_:known:)`` where there is none.
public func getChannelLayer(_ alias: String = "default") throws(LayerError) -> any ChannelLayer {
    try ChannelLayers.current.layer(alias)
}
