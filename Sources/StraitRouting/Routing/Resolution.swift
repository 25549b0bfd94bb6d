public import StraitHTTP

/// The result of routing: the endpoint that serves a connection, its scope, and the changes that middleware makes to
/// responses.
public struct Resolution: Sendable {
    /// A step that changes a response and may wait.
    public typealias ResponseChange = @Sendable (inout Response) async throws -> Void
    /// A step that adds headers to the response that accepts a WebSocket (101), and may wait.
    public typealias AcceptChange = @Sendable (inout HTTPFields) async throws -> Void

    /// The parts behind one reference. Every router and middleware passes the resolution on, and copying a dozen parts
    /// at each step took longer than routing itself.
    private var storage: Storage

    private struct Parts {
        var scope: Scope
        var endpoint: Endpoint
        var isLastResort = false
        var originIsChecked = false
        var changes: [Change] = []
        var acceptChanges: [AcceptChange] = []
        var chain: (chain: MiddlewareChain, end: Int)?
    }

    // SAFETY: a resolution changes the parts only if it holds the only reference to them.
    private final class Storage: @unchecked Sendable {
        var parts: Parts
        init(_ parts: Parts) { self.parts = parts }
    }

    /// Creates a resolution without changes to the response.
    public init(scope: Scope, endpoint: Endpoint) {
        storage = Storage(Parts(scope: scope, endpoint: endpoint))
    }

    /// The parts, copied before a change if another resolution shares them.
    private var parts: Parts {
        _read { yield storage.parts }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.parts) }
            yield &storage.parts
        }
    }

    /// The scope, with the changes of all routers and middleware.
    public var scope: Scope {
        _read { yield parts.scope }
        _modify { yield &parts.scope }
    }
    /// The endpoint that serves the connection.
    public var endpoint: Endpoint {
        _read { yield parts.endpoint }
        _modify { yield &parts.endpoint }
    }
    /// Whether a later route may replace this answer. It is true for the 426 of a path that only has a socket.
    package var isLastResort: Bool {
        get { parts.isLastResort }
        set { parts.isLastResort = newValue }
    }
    /// Whether an ``OriginValidator`` admitted the handshake. The server then skips its own check.
    package var originIsChecked: Bool {
        get { parts.originIsChecked }
        set { parts.originIsChecked = newValue }
    }

    /// The changes to responses, in order.
    private var changes: [Change] {
        _read { yield parts.changes }
        _modify { yield &parts.changes }
    }
    /// The changes to the response that accepts a WebSocket, in order.
    package private(set) var acceptChanges: [AcceptChange] {
        _read { yield parts.acceptChanges }
        _modify { yield &parts.acceptChanges }
    }
    /// The chain whose stages with an index below `end` finish the response, after ``changes``.
    private var chain: (chain: MiddlewareChain, end: Int)? {
        get { parts.chain }
        set { parts.chain = newValue }
    }

    private enum Change: Sendable {
        case immediate(@Sendable (inout Response) throws -> Void)
        case waiting(ResponseChange)
    }

    /// Adds a change to the response: a page, a refusal, or a consumer's denial of a handshake.
    ///
    /// Changes of inner middleware are applied first. A change that does not wait adds almost no cost.
    public mutating func changeResponse(_ change: @escaping @Sendable (inout Response) throws -> Void) {
        settleChain()
        changes.append(.immediate(change))
    }

    /// Adds a change to the response that may wait; see ``changeResponse(_:)``.
    public mutating func mapResponse(_ change: @escaping ResponseChange) {
        settleChain()
        changes.append(.waiting(change))
    }

    /// Adds a change to the headers of the response that accepts a WebSocket. It runs when the consumer accepts, and
    /// the response is sent after it returns. If it throws, the handshake is denied with 500.
    public mutating func onAccept(_ change: @escaping AcceptChange) {
        acceptChanges.append(change)
    }

    // MARK: Responding

    /// Whether any change to the response may wait.
    private var waits: Bool { changes.contains { if case .waiting = $0 { true } else { false } } }

    /// Whether the response is changed after the handler returns it.
    package var changesResponse: Bool { !changes.isEmpty || chain != nil }

    /// Returns the endpoint's response with all changes applied.
    ///
    /// - Throws: An error of the handler that no middleware answers, or an error of a change.
    package nonisolated(nonsending) func respond(to request: Request) async throws -> Response {
        var response: Response
        switch endpoint {
        case .http(let handler):
            do {
                response = try await handler.respond(to: request)
            } catch {
                guard let page = chain?.chain.answer(to: error, request, below: chain?.end ?? 0) else { throw error }
                response = page
            }
        case .response(let known): response = known.answering(scope)
        case .webSocket, .worker: response = .notFound
        }
        try await finish(&response)
        return response
    }

    /// Like ``respond(to:)``, but returns nil if the handler or a change may wait.
    package func respondNow(to request: Request) throws -> Response? {
        if waits { return nil }
        var response: Response
        switch endpoint {
        case .http(let handler):
            do {
                guard let answer = try handler.respondNow(to: request) else { return nil }
                response = answer
            } catch {
                guard let page = chain?.chain.answer(to: error, request, below: chain?.end ?? 0) else { throw error }
                response = page
            }
        case .response(let known): response = known.answering(scope)
        case .webSocket, .worker: response = .notFound
        }
        for case .immediate(let change) in changes { try change(&response) }
        if let chain { try chain.chain.finish(&response, scope, below: chain.end) }
        return response
    }

    /// Applies all changes to a response.
    package nonisolated(nonsending) func finish(_ response: inout Response) async throws {
        for change in changes {
            switch change {
            case .immediate(let change): try change(&response)
            case .waiting(let change): try await change(&response)
            }
        }
        if let chain { try chain.chain.finish(&response, scope, below: chain.end) }
    }

    // MARK: Chains

    /// Makes the stages of `chain` below `end` finish the response and answer the handler's errors.
    mutating func pass(through chain: MiddlewareChain, below end: Int) {
        settleChain()
        self.chain = (chain, end)
    }

    /// Whether stages of `chain` finish the response.
    func passes(through chain: MiddlewareChain) -> Bool { self.chain?.chain === chain }

    /// Turns the inner chain into a part of the endpoint or into a change, so that an outer step can follow it.
    private mutating func settleChain() {
        guard let (chain, end) = chain else { return }
        if case .http(let handler) = endpoint {
            endpoint = .http(FinishedHandler(handler: handler, resolution: self))
            changes = []
        } else {
            let scope = scope
            changes.append(.immediate { try chain.finish(&$0, scope, below: end) })
        }
        self.chain = nil
    }

    /// A handler whose responses pass through an inner chain.
    private struct FinishedHandler: HTTPHandler {
        let handler: any HTTPHandler
        let resolution: Resolution
        var endsWithClient: Bool { handler.endsWithClient }
        var name: String { handler.name }
        var methods: AllowedMethods? { handler.methods }

        func respond(to request: Request) async throws -> Response { try await resolution.respond(to: request) }
        func respondNow(to request: Request) throws -> Response? { try resolution.respondNow(to: request) }
    }
}
