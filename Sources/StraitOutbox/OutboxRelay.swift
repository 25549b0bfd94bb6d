import StraitCore
import StraitDatabase
import StraitLayers
import Synchronization

/// The publisher of stored messages. One process at a time publishes. The others check at intervals whether messages
/// are left.
final class OutboxRelay: Sendable {
    /// The maximum number of messages that are read from the table at once.
    static let batch = 200

    private let store: OutboxStore
    private let layers: ChannelLayers
    private let interval: Duration
    private let log: Log
    private let clock: any Clock<Duration>
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let signal: AsyncStream<Void>
    private let signals: AsyncStream<Void>.Continuation
    private let published = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)

    init(
        store: OutboxStore, layers: ChannelLayers, interval: Duration, log: Log, clock: any Clock<Duration>
    ) {
        self.store = store
        self.layers = layers
        self.interval = interval
        self.log = log
        self.clock = clock
        // One signal that waits is enough, because a look takes all messages.
        (signal, signals) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The number of published messages, and of failed attempts.
    var counts: (published: Int, failures: Int) {
        (published.load(ordering: .relaxed), failures.load(ordering: .relaxed))
    }

    /// Looks for messages soon.
    func wake() { signals.yield() }

    func start(stream: String) {
        let publisher = Task { [self] in
            for await _ in signal {
                if Task.isCancelled { return }
                await publishAll(stream)
            }
        }
        let ticker = Task { [signals, interval, clock] in
            while !Task.isCancelled {
                signals.yield()
                do { try await clock.sleep(for: interval) } catch { return }
            }
        }
        tasks.withLock { $0 = [publisher, ticker] }
    }

    func stop() async {
        signals.finish()
        let tasks = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Publishes messages until there are none. A layer that fails is left out until the next look, so that the others
    /// do not wait for it.
    private func publishAll(_ stream: String) async {
        let failed = FailedLayers()
        do {
            // Without messages, no lock is needed.
            while !Task.isCancelled, try await !store.next(1, without: failed.names).isEmpty {
                // A batch is a transaction in PostgreSQL, so that its messages are soon removed.
                let isAlone = try await store.alone { [self] database in
                    let rows = try await store.next(Self.batch, without: failed.names, in: database)
                    var done: [Int64] = []
                    for row in rows where !failed.names.contains(row.layer) {
                        do {
                            try await publish(row, stream)
                            done.append(row.number)
                        } catch {
                            if Task.isCancelled { break }
                            failed.add(row.layer)
                            failures.wrappingAdd(1, ordering: .relaxed)
                            log.error("outbox publish failed layer=\(row.layer) retry=\(interval) error=\"\(error)\"")
                        }
                    }
                    if !done.isEmpty { try await store.remove(done, in: database) }
                    published.wrappingAdd(done.count, ordering: .relaxed)
                }
                // Another process publishes. It may have looked for the last time before our message was stored.
                if !isAlone { try await clock.sleep(for: min(interval, .milliseconds(20))) }
            }
        } catch {
            if Task.isCancelled { return }
            failures.wrappingAdd(1, ordering: .relaxed)
            log.error("outbox publish failed retry=\(interval) error=\"\(error)\"")
        }
    }

    private func publish(_ row: OutboxRow, _ stream: String) async throws {
        let message: LayerMessage
        do {
            message = try LayerMessage(json: Bytes(row.text))
        } catch {
            // An invalid row would otherwise block all later ones forever.
            failures.wrappingAdd(1, ordering: .relaxed)
            return log.error("outbox message dropped number=\(row.number) group=\(row.group) error=\"\(error)\"")
        }
        let layer = try layers.layer(row.layer)
        if let layer = layer as? any LocalDeliveryLayer {
            try await layer.groupSend(row.group, message, once: OnceNumber(stream: stream, number: row.number))
        } else {
            try await layer.groupSend(row.group, message)
        }
    }
}

/// The layers that have failed during one look at the table.
private final class FailedLayers: Sendable {
    private let layers = Mutex<Set<String>>([])

    var names: Set<String> { layers.withLock { $0 } }

    func add(_ name: String) { layers.withLock { _ = $0.insert(name) } }
}
