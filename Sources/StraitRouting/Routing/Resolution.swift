public import StraitHTTP

/// The answer to the question who serves a connection: an endpoint, the scope that it gets, and what middleware wants to
/// do to its responses.
public struct Resolution: Sendable {
    /// A step that changes a response and may wait.
    public typealias ResponseChange = @Sendable (inout Response) async throws -> Void
    /// A step that adds headers to the response that accepts a WebSocket (101), and may wait.
    public typealias AcceptChange = @Sendable (inout HTTPFields) async throws -> Void

    /// The parts. Every router and middleware on the way passes a resolution on. One reference costs them hardly
    /// anything; copying a dozen parts at each step cost a page more time than its routing.
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

    // SAFETY: the parts are only changed by a resolution that has the one reference to them.
    private final class Storage: @unchecked Sendable {
        var parts: Parts
        init(_ parts: Parts) { self.parts = parts }
    }

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

    /// The scope as the routers and middleware on the way left it.
    public var scope: Scope {
        _read { yield parts.scope }
        _modify { yield &parts.scope }
    }
    /// The endpoint that serves the connection.
    public var endpoint: Endpoint {
        _read { yield parts.endpoint }
        _modify { yield &parts.endpoint }
    }
    /// Whether a route that comes later may still answer instead: 426 for a path that only has a socket.
    package var isLastResort: Bool {
        get { parts.isLastResort }
        set { parts.isLastResort = newValue }
    }
    /// Whether an ``OriginValidator`` admitted the handshake, so that the default check has nothing to add.
    package var originIsChecked: Bool {
        get { parts.originIsChecked }
        set { parts.originIsChecked = newValue }
    }

    /// The changes of responses, in the order in which they are made.
    private var changes: [Change] {
        _read { yield parts.changes }
        _modify { yield &parts.changes }
    }
    /// The changes of the response that accepts a WebSocket, in the order in which they are made.
    package private(set) var acceptChanges: [AcceptChange] {
        _read { yield parts.acceptChanges }
        _modify { yield &parts.acceptChanges }
    }
    /// The stages that finish the response behind ``changes``: those of the chain with a lower index.
    private var chain: (chain: MiddlewareChain, end: Int)? {
        get { parts.chain }
        set { parts.chain = newValue }
    }

    private enum Change: Sendable {
        case immediate(@Sendable (inout Response) throws -> Void)
        case waiting(ResponseChange)
    }

    /// Applies `change` to the response: a page's, a refusal's, or the one with which a consumer denies its handshake.
    ///
    /// Inner middleware's changes come first. A change that does not wait costs a page hardly anything.
    public mutating func changeResponse(_ change: @escaping @Sendable (inout Response) throws -> Void) {
        settleChain()
        changes.append(.immediate(change))
    }

    /// Applies `change`, which may wait, to the response; as ``changeResponse(_:)``.
    public mutating func mapResponse(_ change: @escaping ResponseChange) {
        settleChain()
        changes.append(.waiting(change))
    }

    /// Applies `change` to the headers of the response that accepts a WebSocket, when its consumer has accepted. The
    /// response is sent when `change` has returned; an error denies the handshake with 500.
    public mutating func onAccept(_ change: @escaping AcceptChange) {
        acceptChanges.append(change)
    }

    // MARK: Responding

    /// Whether a change of the response waits.
    private var waits: Bool { changes.contains { if case .waiting = $0 { true } else { false } } }

    /// Whether responses are changed.
    package var changesResponse: Bool { !changes.isEmpty || chain != nil }

    /// The response of an HTTP endpoint or of a known response, all changes made.
    ///
    /// - Throws: The handler's error, unless middleware has a page for it; errors of changes.
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

    /// The same as ``respond(to:)`` if neither the handler nor a change waits, else nil.
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

    /// Makes all changes of a response.
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

    /// Lets the stages of `chain` below `end` finish the response and answer errors of the handler.
    mutating func pass(through chain: MiddlewareChain, below end: Int) {
        settleChain()
        self.chain = (chain, end)
    }

    /// Whether stages of `chain` finish the response.
    func passes(through chain: MiddlewareChain) -> Bool { self.chain?.chain === chain }

    /// Turns an inner chain into a part of the endpoint, or a change, as something outside of it follows.
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

    /// A handler and what an inner chain does to its responses.
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
