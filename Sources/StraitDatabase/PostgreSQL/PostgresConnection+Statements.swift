internal import CPostgres
import StraitCore

// Sending statements, receiving their results and cancelling them.
extension PostgresConnection {
    // MARK: Results

    /// Takes the results that have arrived.
    func receive() {
        while let handle = unsafe handle, isAwaitingResults, unsafe PQisBusy(handle) == 0 {
            if let result = unsafe PQgetResult(handle) {
                emptyResults = 0
                unsafe take(PostgresResult(result))
            } else if case .copying(let copy) = phase, copy.hasEnded {
                endCopy(copy)
            } else {
                // libpq returns no result between the results of two messages.
                emptyResults += 1
                if emptyResults > 3 { break }
            }
        }
        guard let handle = unsafe handle else { return }
        // libpq closes the socket of a lost connection itself, so no event would follow.
        if unsafe PQstatus(handle) != CONNECTION_OK { return lose(message) }
        if emptyResults > 3 { return confuse() }
        receiveNotifications()
        sendHeld()
    }

    private var isAwaitingResults: Bool {
        switch phase {
        case .pipeline: pipeline.count > 0
        // While rows are sent, libpq would return the same result again.
        case .copying(let copy): copy.awaitsResult
        case .connecting, .closed: false
        }
    }

    private func take(_ result: consuming PostgresResult) {
        if case .copying(let copy) = phase { return copy.take(result) }
        let event: PostgresPipeline<PostgresCall>.Event
        var failure: PostgresFailure?
        var isEmpty = false
        switch result.status {
        case .command: event = .success
        case .empty:
            event = .success
            isEmpty = true
        case .failure(let description):
            failure = description
            event = .failure(description.problem)
        case .skipped: event = .skipped
        case .synchronized: event = .synchronized(isInTransaction: isInTransaction)
        case .copyIn, .copy:
            let error = DatabaseError(.syntax, "COPY cannot run as a statement. Use copyIn of the database.")
            return release(error)
        }
        switch pipeline.take(event) {
        case .nothing: break
        case .deliver(let call): if !isEmpty { call.take(result) }
        case .fail(let call):
            call.note(failure)
        case .end(let call): end(call)
        case .sendAgain(let call):
            if call.isCancelled { return end(call) }
            call.failure = nil
            call.isRetry = true
            if cancels { held.prepend(call) } else { transmit(call) }
        case .confusion: confuse()
        }
        // A statement that was cancelled before its turn.
        if let running = pipeline.running, running.isCancelled { cancelRunning() }
    }

    private func end(_ call: PostgresCall) {
        call.endsInTransaction = isInTransaction
        if call.hasCancelRequest { loop.disarm(timer) }
        call.end()
        if pipeline.count == 0, let closesWith { release(closesWith) }
    }

    private func confuse() {
        lose("libpq returned a result that fits no statement")
    }

    private var isInTransaction: Bool {
        guard let handle = unsafe handle else { return false }
        switch unsafe PQtransactionStatus(handle) {
        case PQTRANS_INTRANS, PQTRANS_INERROR: return true
        default: return false
        }
    }

    // MARK: Sending

    func send(_ call: PostgresCall) {
        guard unsafe handle != nil, closesWith == nil else {
            call.failure = closesWith ?? Self.lost("It was closed")
            return call.end()
        }
        if cancels || !isInPipeline || heldCopy != nil { return held.append(call) }
        transmit(call)
    }

    private var isInPipeline: Bool { if case .pipeline = phase { true } else { false } }

    private func transmit(_ call: PostgresCall) {
        guard let handle = unsafe handle else { return }
        if call.isCancelled {
            call.failure = DatabaseError(.cancelled, "The statement was cancelled.")
            return call.end()
        }
        if call.needsTransaction, pipeline.count == 0, !isInTransaction {
            call.failure = DatabaseError(
                .other, "The database rolled back the transaction after an earlier error. Run atomic again.")
            return call.end()
        }
        let plan = pipeline.add(call, key: call.key, isRetry: call.isRetry)
        var isSent = true
        for name in plan.drops {
            isSent =
                unsafe isSent
                && PQsendQueryParams(handle, "DEALLOCATE s\(name)", 0, nil, nil, nil, nil, 0) == 1
                && PQpipelineSync(handle) == 1
        }
        let parameters = call.parameters
        let count = Int32(clamping: parameters.places.count)
        unsafe parameters.storage.withUnsafeBytes { storage in
            unsafe fill(parameters, storage)
            if let number = plan.name {
                let name = "s\(number)"
                if plan.prepares { isSent = unsafe isSent && PQsendPrepare(handle, name, call.text, count, types) == 1 }
                isSent =
                    unsafe isSent
                    && PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0) == 1
            } else {
                isSent =
                    unsafe isSent
                    && PQsendQueryParams(handle, call.text, count, types, values, lengths, formats, 0) == 1
            }
        }
        guard isSent, unsafe PQpipelineSync(handle) == 1 else { return lose(message) }
        flush()
    }

    private func fill(_ parameters: PostgresParameters, _ storage: UnsafeRawBufferPointer) {
        // Each array is changed in a variable, because each access to a property of a class is checked.
        var (types, lengths, formats) = (self.types, self.lengths, self.formats)
        var values = unsafe self.values
        (self.types, self.lengths, self.formats) = ([], [], [])
        unsafe self.values = []
        types.removeAll(keepingCapacity: true)
        unsafe values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for place in parameters.places {
            types.append(place.type)
            unsafe values.append(
                place.start < 0
                    ? nil : storage.baseAddress.map { unsafe ($0 + place.start).assumingMemoryBound(to: CChar.self) })
            lengths.append(place.length)
            formats.append(place.isBinary ? 1 : 0)
        }
        (self.types, self.lengths, self.formats) = (types, lengths, formats)
        unsafe self.values = values
    }

    func flush() {
        guard let handle = unsafe handle else { return }
        switch unsafe PQflush(handle) {
        case 0:
            watch(.readable)
            if case .copying(let copy) = phase { copy.flushed() }
        case 1: watch([.readable, .writable])
        default: lose(message)
        }
    }

    func sendHeld() {
        guard !cancels, isInPipeline else { return }
        if let copy = heldCopy {
            guard pipeline.count == 0 else { return }
            heldCopy = nil
            return startCopy(copy)
        }
        while isInPipeline, heldCopy == nil, let call = held.popFirst() { transmit(call) }
    }

    // MARK: Cancelling

    func cancel(_ call: PostgresCall) {
        call.isCancelled = true
        if pipeline.running === call { return cancelRunning() }
        var isHeld = false
        held.removeAll { other in
            if other === call { isHeld = true }
            return other === call
        }
        if isHeld {
            call.failure = DatabaseError(.cancelled, "The statement was cancelled.")
            call.end()
        }
    }

    /// Asks the server to cancel the running statement. Other statements wait meanwhile, because the request could
    /// cancel them instead.
    private func cancelRunning() {
        guard !cancels, let running = pipeline.running, !running.hasCancelRequest else { return }
        running.hasCancelRequest = true
        pipeline.cancelRunning()
        requestCancel()
    }

    /// Asks the server to cancel what it runs. `PQcancel` blocks, so it runs on another thread.
    func requestCancel() {
        guard !cancels, let handle = unsafe handle else { return }
        cancels = true
        // SAFETY: the request is a copy of the connection's address that only the other thread uses.
        nonisolated(unsafe) let request = unsafe PQgetCancel(handle)
        timer.action = { [unowned self] in lose("The server did not cancel a statement in time") }
        loop.arm(timer, after: configuration.cancelTimeout)
        let threads = threads
        Task.detached { [self] in
            // A request that fails leaves the statement running, and the timer ends the connection.
            _ = try? await threads.run {
                var text = [CChar](repeating: 0, count: 256)
                return unsafe PQcancel(request, &text, 256)
            }
            unsafe PQfreeCancel(request)
            loop.execute { [self] in cancelEnded() }
        }
    }

    private func cancelEnded() {
        cancels = false
        // Another statement may have been cancelled meanwhile.
        if let running = pipeline.running, running.isCancelled, !running.hasCancelRequest { return cancelRunning() }
        sendHeld()
    }

    // MARK: Notifications

    private func receiveNotifications() {
        while let handle = unsafe handle, let notification = unsafe PQnotifies(handle) {
            defer { unsafe PQfreemem(notification) }
            notified?(
                unsafe String(cString: notification.pointee.relname),
                unsafe String(cString: notification.pointee.extra),
                unsafe notification.pointee.be_pid)
        }
    }

    /// Sets the handlers of notifications and of the connection's end. If it has ended already, `ended` is called soon.
    func listen(
        _ notified: @escaping @Sendable (String, String, Int32) -> Void, ended: @escaping @Sendable () -> Void
    ) {
        loop.execute { [self] in
            guard unsafe handle != nil else { return ended() }
            self.notified = notified
            self.ended = ended
        }
    }
}
