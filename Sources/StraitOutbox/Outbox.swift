public import StraitCore
public import StraitDatabase
public import StraitLayers
internal import Synchronization

/// Group messages that are stored with rows and published after the commit: a transactional outbox. A service.
///
/// ```swift
/// try await database.atomic { database in
///     let photo = try await database.create(draft)
///     try await outbox.groupSend("photos", NewPhoto(photo), in: database)
/// }
/// ```
///
/// A message that is sent in a transaction is stored in it. If the transaction is rolled back, no member receives the
/// message. After the commit it is published once, even if the process ends in between: another process, or this one
/// after its next start, publishes it then. Messages of a group are published in the order of the commits.
///
/// The messages wait in the table `strait_outbox`, which the service creates when it starts. If the answer of Redis
/// is lost, a message is published again. Its number then prevents a second delivery. A layer of your own may deliver
/// such a message twice.
///
/// After the database was restored from a backup, delete the row of `strait_outbox_stream`, so that a new
/// stream of numbers begins.
public final class Outbox: Service {
    private let database: Database?
    private let layers: ChannelLayers?
    private let alias: String
    private let interval: Duration
    private let log: Log
    private let clock: any Clock<Duration>
    /// The site's layers, from the start on.
    private let found = Mutex<ChannelLayers?>(nil)
    /// The publisher, from the start on.
    private let relay = Mutex<OutboxRelay?>(nil)

    /// Creates an outbox. Return it from `services(_:)` of the site or of an app.
    ///
    /// - Parameters:
    ///   - database: The database with the messages, or nil for the site's default database.
    ///   - layers: The channel layers, on which messages are published, or nil for the site's.
    ///   - alias: The name of the layer for messages that do not name one.
    ///   - interval: The time between two checks for messages that other processes have not published.
    ///   - log: The log for failures.
    ///   - clock: The clock of the interval.
    public init(
        database: Database? = nil, layers: ChannelLayers? = nil, alias: String = "default",
        interval: Duration = .seconds(1), log: Log = Log(), clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.database = database
        self.layers = layers
        self.alias = alias
        self.interval = interval
        self.log = log
        self.clock = clock
    }

    /// Sends a message to a group when the transaction is committed. Outside a transaction, one is opened for
    /// the message.
    ///
    /// - Parameters:
    ///   - group: The name of the group.
    ///   - message: The message, a ``/StraitLayers/ChannelMessage`` or an enum, as for a group of a layer.
    ///   - layer: The name of the channel layer, or nil for that of the outbox.
    ///   - database: The transaction.
    /// - Throws: ``/StraitLayers/LayerError`` if the group's name is not valid, or if the message has bytes or no type;
    ///   ``/StraitDatabase/DatabaseError``.
    public func groupSend<Message: Encodable & Sendable>(
        _ group: String, _ message: Message, layer: String? = nil, in database: Database
    ) async throws {
        try LayerName.check(group: group)
        // The sender should learn of a mistyped name, and not the relay.
        if let known = layers ?? found.withLock({ $0 }) { _ = try known.layer(layer ?? alias) }
        let encoded = try LayerMessage(encoding: message)
        // Bytes have no form in JSON. The sender should learn this, and not the relay.
        _ = try encoded.json()
        let stored = OutboxMessage(layer: layer ?? alias, group: group, message: encoded)
        guard database.isTransaction else {
            return try await database.atomic { try await add(stored, to: $0) }
        }
        try await add(stored, to: database)
    }

    private func add(_ message: OutboxMessage, to database: Database) async throws {
        database.beforeCommit(message, kind: "strait.outbox") { items, database in
            try await OutboxStore.store(items.compactMap { $0 as? OutboxMessage }, in: database)
        }
        await database.onCommit { [self] in relay.withLock { $0 }?.wake() }
    }

    /// Creates the table if there is none, and begins to publish.
    ///
    /// - Throws: ``/StraitCore/ServiceError`` if the site has no database; ``/StraitDatabase/DatabaseError``.
    public func start(in services: Services) async throws {
        let store = OutboxStore(database: try database ?? services.get(Database.self))
        let layers = try layers ?? services.get(ChannelLayers.self)
        found.withLock { $0 = layers }
        let relay = OutboxRelay(
            store: store, layers: layers, interval: interval, log: log,
            clock: clock)
        relay.start(stream: try await store.prepare())
        self.relay.withLock { $0 = relay }
    }

    /// Stops publishing. Messages that are not published yet stay in the table.
    public func stop() async { await relay.withLock { $0 }?.stop() }
}

extension Outbox: MetricsSource {
    /// The number of published messages and of failed attempts.
    public func metrics() -> [Metric] {
        let (published, failures) = relay.withLock { $0 }?.counts ?? (0, 0)
        return [
            Metric(
                .counter, "strait_outbox_published_total", help: "Messages that the outbox has published.",
                value: published),
            Metric(
                .counter, "strait_outbox_failures_total", help: "Failed attempts of the outbox to publish.",
                value: failures),
        ]
    }
}
