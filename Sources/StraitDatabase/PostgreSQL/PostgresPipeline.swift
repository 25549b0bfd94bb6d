internal import StraitCore

/// The statements of a connection in pipeline mode, without I/O. It decides what to send, and what each result means.
///
/// Each statement is followed by a synchronization point, so that an error ends only its own statement. `Call` is the
/// connection's record of a statement.
struct PostgresPipeline<Call: AnyObject>: ~Copyable {
    /// The messages for a statement. A synchronization point follows the dropping of each prepared statement, and the
    /// statement itself.
    struct Plan: Equatable {
        /// The prepared statements to drop before.
        var drops: [Int] = []
        /// The prepared statement to use, or nil for an unnamed one.
        var name: Int?
        /// Whether it has to be prepared first.
        var prepares = false
    }

    /// A result that libpq returned.
    enum Event {
        /// The end of a preparation, or the result of a statement.
        case success
        /// An error of the server.
        case failure(Problem)
        /// A message that was skipped because an earlier one of its statement failed.
        case skipped
        /// A synchronization point.
        case synchronized(isInTransaction: Bool)
    }

    /// The kinds of errors that have consequences for the connection.
    enum Problem {
        /// The prepared statement does not fit the tables any more.
        case stalePlan
        /// The server does not have the prepared statement.
        case missingPlan
        /// The statement was cancelled.
        case cancelled
        case other
    }

    /// The consequence of a result.
    enum Action {
        case nothing
        /// The result is the statement's.
        case deliver(Call)
        /// The error is the statement's.
        case fail(Call)
        /// The statement has ended.
        case end(Call)
        /// The statement has failed without an effect and for no fault of its own. It has to be sent again.
        case sendAgain(Call)
        /// The result fits nothing that was sent.
        case confusion
    }

    private struct Flight {
        /// The statement, or nil if a prepared statement is dropped.
        var call: Call?
        var key: StatementKey?
        /// The prepared statement that is used or dropped.
        var name: Int?
        var isPreparing: Bool
        var isRetry: Bool
        /// Whether a request to cancel an earlier statement may have hit this one.
        var isAtRisk = false
        var problem: Problem?
    }

    private var flights = Ring<Flight>()
    private var cache: StatementCache

    init(cacheLimit: Int) {
        cache = StatementCache(limit: cacheLimit)
    }

    /// The number of statements without a final result.
    var count: Int { flights.count }

    /// The statement that the server runs, or nil if there is none or it drops a prepared statement.
    var running: Call? { flights.first?.call }

    /// Adds a statement. Returns the messages to send for it.
    ///
    /// - Parameters:
    ///   - key: The statement's key, or nil if it is not to be prepared.
    ///   - isRetry: Whether it was sent before. It is not sent a third time.
    mutating func add(_ call: Call, key: StatementKey?, isRetry: Bool) -> Plan {
        var plan = Plan()
        switch key.map({ cache.use($0) }) {
        case nil, .once: break
        case .prepares(let name):
            plan.name = name
            plan.prepares = true
        case .prepared(let name): plan.name = name
        }
        if !cache.dropped.isEmpty { plan.drops = cache.takeDropped() }
        for name in plan.drops {
            flights.append(
                Flight(call: nil, key: nil, name: name, isPreparing: false, isRetry: false, problem: nil))
        }
        flights.append(
            Flight(
                call: call, key: key, name: plan.name, isPreparing: plan.prepares, isRetry: isRetry, problem: nil))
        return plan
    }

    /// Records that the server was asked to cancel the running statement. If that has just ended, the request may
    /// cancel another one.
    mutating func cancelRunning() {
        for index in 0..<flights.count where index > 0 { flights[index].isAtRisk = true }
    }

    /// Takes the next result.
    mutating func take(_ event: Event) -> Action {
        guard !flights.isEmpty else { return .confusion }
        switch event {
        case .success:
            if flights[0].isPreparing {
                flights[0].isPreparing = false
                return .nothing
            }
            return flights[0].call.map { .deliver($0) } ?? .nothing
        case .failure(let problem):
            flights[0].problem = problem
            if let key = flights[0].key, let name = flights[0].name {
                // A statement that was not prepared must not be used by the next one.
                if flights[0].isPreparing {
                    cache.forget(key, name: name, isOnServer: false)
                } else {
                    switch problem {
                    case .stalePlan: cache.forget(key, name: name, isOnServer: true)
                    case .missingPlan: cache.forget(key, name: name, isOnServer: false)
                    case .cancelled, .other: break
                    }
                }
            }
            return flights[0].call.map { .fail($0) } ?? .nothing
        case .skipped: return flights[0].problem == nil ? .confusion : .nothing
        case .synchronized(let isInTransaction):
            guard let flight = flights.popFirst() else { return .confusion }
            guard let call = flight.call else {
                // In a transaction that has failed, the server drops nothing.
                if flight.problem != nil, let name = flight.name { cache.dropLater(name) }
                return .nothing
            }
            // Without a transaction, a failed statement has had no effect.
            guard let problem = flight.problem, !flight.isRetry, !isInTransaction else { return .end(call) }
            switch problem {
            case .stalePlan, .missingPlan: return .sendAgain(call)
            case .cancelled: return flight.isAtRisk ? .sendAgain(call) : .end(call)
            case .other: return .end(call)
            }
        }
    }

    /// Removes and returns all statements, when the connection has ended.
    mutating func takeAll() -> [Call] {
        var calls: [Call] = []
        while let flight = flights.popFirst() { if let call = flight.call { calls.append(call) } }
        return calls
    }
}
