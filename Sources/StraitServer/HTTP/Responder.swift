import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// Finds out who answers an exchange, and has it answered: resolves the application, runs the handler, sends its
/// response, or hands the exchange over to a WebSocket. Loop-bound.
final class Responder: ExchangeDriver {
    private let exchange: Exchange
    private let server: ServerLoop
    private var task: Task<Void, Never>?
    private var isOver = false

    init(exchange: Exchange, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
    }

    func begin() {
        exchange.driver = self
        // Sound: responder and exchange stay on this loop, which the task cannot leave.
        nonisolated(unsafe) let responder = self
        task = server.loop.isolation.startTask { unsafe await responder.run($0) }
    }

    private func run(_ isolation: isolated LoopIsolation) async {
        do {
            let handshake = try HandshakeRequest(
                method: exchange.head.method.rawValue, isHTTP11: exchange.head.version == .http11,
                values: { exchange.head.fields.values(of: $0) })
            let scope = Scope(
                type: handshake == nil ? .http : .webSocket, head: exchange.head, isSecure: false,
                client: exchange.peer, server: exchange.local)
            guard let resolution = try await server.application.resolve(scope) else {
                return send(Response(status: .notFound), to: exchange)
            }
            if isOver { return }
            switch resolution.endpoint {
            case .http(let handler):
                send(try await handler.respond(to: Request(scope: resolution.scope)), to: exchange)
            case .response(let response):
                send(response, to: exchange)
            case .webSocket(let endpoint):
                guard let endpoint = endpoint as? ConsumerEndpoint, let handshake else {
                    return send(Response(status: .upgradeRequired), to: exchange)
                }
                let driver = WebSocketDriver(
                    exchange: exchange, handshake: handshake, server: server, responder: self)
                exchange.driver = driver
                driver.begin(endpoint.make(), scope: resolution.scope)
            }
        } catch {
            server.log.error("\(exchange.head.rawPath): \(error)")
            send(Response(status: .internalServerError), to: exchange)
        }
        task = nil
    }

    func send(_ response: Response, to exchange: Exchange) {
        do {
            guard case .bytes(let body) = response.body else { return }
            try exchange.sendHead(
                HTTPResponseHead(status: response.status, fields: response.headers), body: .known(body.count))
            try exchange.sendBody(body)
        } catch {
            server.log.error("\(error)")
        }
        exchange.finish()
    }

    func received(_ body: Span<UInt8>) {}
    func receivedEnd() {}
    func peerHungUp() {}
    func drained() {}
    func serverStops() {}
    func ended(_ error: TransportError?) {
        isOver = true
        task?.cancel()
    }
}
