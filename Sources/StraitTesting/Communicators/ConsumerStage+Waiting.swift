import StraitNetwork

/// Waiting for the stage's outputs.
extension ConsumerStage {
    /// Returns whether no output arrives for `duration`.
    func isQuiet(for duration: Duration, at place: TestLoop) async throws -> Bool {
        do {
            guard let output = try await place.next(of: outbox, within: duration, takes: false, for: "nothing") else {
                return true
            }
            if case .failure(let failure) = output {
                _ = outbox.take()
                throw failure
            }
            return false
        } catch let error as CommunicatorError where error.code == .timeout || error.code == .idle {
            return true
        }
    }

    /// Waits until the consumer has ended, and throws the first failure that has not been thrown yet.
    func waitForEnd(within limit: Duration, at place: TestLoop) async throws {
        let deadline = ContinuousClock.now + limit
        while !outbox.hasEnded {
            let left = ContinuousClock.now.duration(to: deadline)
            let isSettled = await place.clock?.isSettled(within: max(left, .milliseconds(1))) ?? false
            if outbox.hasEnded { break }
            let purpose = "the end of the consumer"
            if isSettled { throw CommunicatorError(idleWhile: purpose) }
            if left <= .zero { throw CommunicatorError(timeout: limit, purpose) }
            await outbox.waitForEnd(within: place.clock == nil ? left : min(left, .milliseconds(1)))
            try Task.checkCancellation()
        }
        for case .failure(let failure) in outbox.elements {
            outbox.removeAll()
            throw failure
        }
    }
}
