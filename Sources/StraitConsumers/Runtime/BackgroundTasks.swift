import StraitCore
import StraitLayers

/// The tasks that a consumer runs concurrently with its handlers. Loop-bound.
struct BackgroundTasks {
    private var running: [Int: Task<Void, Never>] = [:]
    private var count = 0

    var isEmpty: Bool { running.isEmpty }

    /// Stores the task that `start` creates. `start` receives the number by which the task is removed.
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
    /// Runs `work` concurrently with the handlers, on the same loop, until the socket ends.
    package func start(_ work: @escaping () async throws -> Void) {
        guard !isLost, phase != .disconnecting, phase != .ended else { return }
        // SAFETY: the session, the consumer and the work stay on this loop, to which the task is isolated.
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
        release()
    }
}
