import StraitLayers
import StraitNetwork

/// What a consumer runs beside its handlers. Loop-bound.
struct BackgroundTasks {
    private var running: [Int: Task<Void, Never>] = [:]
    private var count = 0

    var isEmpty: Bool { running.isEmpty }

    /// Keeps the task that `start` makes, until it is removed by the number that `start` is given.
    mutating func add(_ start: (Int) -> Task<Void, Never>) {
        running[count] = start(count)
        count += 1
    }

    mutating func remove(_ number: Int) {
        running[number] = nil
    }

    func cancel() {
        for task in running.values { task.cancel() }
    }
}

extension ConsumerSession {
    /// Runs `work` beside the handlers, on the same loop, until the socket ends.
    package func start(_ work: @escaping () async throws -> Void) {
        guard !isLost, phase != .disconnecting, phase != .ended else { return }
        // Sound: the session, the consumer and the work all stay on this loop, whose isolation the task has.
        nonisolated(unsafe) let session = self
        nonisolated(unsafe) let work = work
        background.add { id in
            loop.isolation.startTask { await unsafe session.runBackground(id, work, $0) }
        }
    }

    private func runBackground(
        _ id: Int, _ work: () async throws -> Void, _ isolation: isolated LoopIsolation
    ) async {
        do {
            try await work()
        } catch is CancellationError {
        } catch {
            handle(error)
        }
        background.remove(id)
        letGo()
    }
}
