import StraitCore
import Synchronization

/// A queue of an application's outputs, in order, from which a test takes them.
final class Outbox<Element: Sendable>: Sendable {
    private struct State: ~Copyable {
        var elements = Ring<(element: Element, cost: Int)>()
        var cost = 0
        var hasEnded = false
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Void, Never>
        let onlyEnd: Bool
    }

    private let state = Mutex(State())

    /// The number of bytes in the queue.
    var cost: Int { state.withLock { $0.cost } }
    var first: Element? { state.withLock { $0.elements.first?.element } }
    var elements: [Element] {
        state.withLock { state in (0..<state.elements.count).map { state.elements[$0].element } }
    }
    /// Whether no more elements will follow.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func put(_ element: Element, cost: Int = 0) {
        wake { state in
            state.elements.append((element, cost))
            state.cost += cost
        }
    }

    func end() {
        wake { $0.hasEnded = true }
    }

    func take() -> Element? {
        state.withLock { state in
            guard let (element, cost) = state.elements.popFirst() else { return nil }
            state.cost -= cost
            return element
        }
    }

    func removeAll() {
        state.withLock { state in
            state.elements.removeAll()
            state.cost = 0
        }
    }

    // MARK: Waiting

    /// Waits until an element is available, the outbox has ended, `limit` of real time has passed, or the task is
    /// cancelled.
    func wait(for limit: Duration) async {
        await wait(limit, onlyEnd: false)
    }

    /// Waits until the outbox has ended, `limit` of real time has passed, or the task is cancelled. New elements do not
    /// end the wait.
    func waitForEnd(within limit: Duration) async {
        await wait(limit, onlyEnd: true)
    }

    private func wait(_ limit: Duration, onlyEnd: Bool) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let alarm = Mutex<Task<Void, Never>?>(nil)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    if state.hasEnded || Task.isCancelled || !onlyEnd && !state.elements.isEmpty { return true }
                    state.waiters[number] = Waiter(continuation: continuation, onlyEnd: onlyEnd)
                    return false
                }
                if hasEnded { return continuation.resume() }
                let task = Task {
                    try? await Task.sleep(for: limit)
                    self.wake(number)
                }
                alarm.withLock { $0 = task }
            }
        } onCancel: {
            wake(number)
        }
        alarm.withLock { $0 }?.cancel()
    }

    private func wake(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            let woken = state.waiters.filter { state.hasEnded || !$0.value.onlyEnd }
            for number in woken.keys { state.waiters[number] = nil }
            return woken.values
        }
        for waiter in waiters { waiter.continuation.resume() }
    }
}
