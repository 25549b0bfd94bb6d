import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitWebSocket

/// WebSocket handshakes: opening a socket, and refusing a handshake before the consumer decides.
extension Responder {
    /// Opens a WebSocket at once if no middleware on the route to its consumer waits. The task handles all other
    /// handshakes.
    ///
    /// - Returns: Whether the WebSocket was opened.
    func openNow() -> Bool {
        guard body == nil, exchange.head.rawPath != "*", !exchange.peerHasHungUp, !server.isStopping else {
            return false
        }
        isHandshake = true
        defer { if exchange.driver === self { isHandshake = false } }
        // The task finds the same error in an invalid request and answers it.
        guard let handshake = try? handshake() else { return false }
        let found: Resolution?
        do {
            guard case .resolved(let resolution) = try server.application.resolveNow(scope()) else { return false }
            found = resolution
        } catch {
            resolved = .failure(error)
            return false
        }
        guard let found, case .webSocket(let endpoint) = found.endpoint, let endpoint = endpoint as? ConsumerEndpoint
        else {
            resolved = .success(found)
            return false
        }
        server.accessLog?.connecting(peer: client, path: exchange.head.rawPath)
        let deadline = server.loop.now.advanced(by: server.configuration.handshakeTimeout)
        open(handshake, found, endpoint, until: deadline)
        return true
    }

    /// Returns the WebSocket handshake in the request, or nil if the request has none.
    func handshake() throws(HandshakeRejection) -> HandshakeRequest? {
        let head = exchange.head
        guard head.fields.contains("upgrade") else { return nil }
        return try HandshakeRequest(
            method: head.method, version: head.version, headers: head.fields)
    }

    /// Passes the exchange to a WebSocket, whose consumer must decide before `deadline`.
    func open(
        _ handshake: HandshakeRequest, _ resolution: Resolution, _ endpoint: ConsumerEndpoint, until deadline: Instant
    ) {
        let driver = WebSocketDriver(
            exchange: exchange,
            opening: OpeningHandshake(request: handshake, responder: self, resolution: resolution),
            server: server)
        exchange.driver = driver
        driver.begin(endpoint.make(), scope: resolution.scope, until: deadline)
    }

    func beginHandshake() throws {
        isHandshake = true
        server.accessLog?.connecting(peer: client, path: exchange.head.rawPath)
        try exchange.checkCanContinue(server)
        let timer = LoopTimer { [unowned self] in
            server.counters.reach(.handshakeTime)
            server.log.warning(
                """
                The handshake was refused because middleware took longer than ServerConfiguration.handshakeTimeout.
                """,
                metadata: place)
            refuseHandshake("middleware took too long")
        }
        self.timer = timer
        server.loop.arm(timer, after: server.configuration.handshakeTimeout)
    }

    func disarm() {
        if let timer { server.loop.disarm(timer) }
        timer = nil
    }

    /// Answers with 503 because the application has not decided.
    func refuseHandshake(_ reason: String) {
        refusal.reason = reason
        abandon()
        sendLater(.status(.serviceUnavailable))
    }

    /// Cancels the task that calls the application and ignores its result.
    func abandon() {
        isRefused = true
        disarm()
        task?.cancel()
    }

    /// Whether the application has not decided on a handshake yet.
    var isUndecided: Bool { isHandshake && !isRefused && !sender.hasBegun }
}
