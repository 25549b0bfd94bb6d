import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer

/// A substitute for a server that handles one request. It routes the request, runs the handler, and queues the pieces
/// of the response for the test.
///
/// SAFETY: `@unchecked Sendable` is sound because a lock protects `outbox`. Everything else is constant or used only on
/// the loop, to which ``write(_:)`` switches.
final class HTTPStage: ServerContext, ResponseBodySink, @unchecked Sendable {
    enum Output: Sendable {
        case head(HTTPStatus, HTTPFields)
        case piece(Bytes)
        case failure(ApplicationFailure)
    }

    /// The number of queued bytes above which a writer has to wait for the test.
    static let limit = 64 << 10

    let loop: EventLoop
    let log: Log
    let closeTimeout: Duration
    let outbox = Outbox<Output>()
    private let application: any Application
    private var scope = Scope(path: "/")
    private var task: Task<Void, Never>?
    /// The writer that waits for the test.
    private let writer: LoopWaiter
    private var consumers = 0
    private var isDone = false
    private var isGone = false

    init(
        _ application: any Application, configuration: ServerConfiguration, loop: EventLoop, log: Log
    ) {
        self.application = application
        self.loop = loop
        self.log = log
        closeTimeout = configuration.consumers.closeTimeout
        writer = LoopWaiter(loop: loop)
    }

    // MARK: From the test

    /// Receives the request.
    func begin(_ scope: Scope, _ body: Bytes) {
        self.scope = scope
        task = loop.isolation.startTask { await self.run(body, $0) }
    }

    /// Disconnects the client.
    func leave() {
        isGone = true
        task?.cancel()
        writer.wake()
    }

    /// Notes that the test took an output.
    func taken() {
        if outbox.cost <= Self.limit { writer.wake() }
    }

    // MARK: ServerContext

    func consumerBegan() { consumers += 1 }

    func consumerEnded() {
        consumers -= 1
        endIfDone()
    }

    /// Ends the outbox when the response is complete and the consumer, if any, has returned from `disconnect`.
    private func endIfDone() {
        if isDone, consumers == 0 { outbox.end() }
    }

    // MARK: The response

    private func run(_ body: Bytes, _ isolation: isolated LoopIsolation) async {
        do {
            try await send(try await answer(body, isolation), isolation)
        } catch let error as any HTTPStatusError {
            await refuse(.answering(error), isolation)
        } catch {
            if !(isGone && error is CancellationError || error is Gone) { fail(error) }
        }
        task = nil
        isDone = true
        endIfDone()
    }

    private func answer(_ body: Bytes, _ isolation: isolated LoopIsolation) async throws -> Response {
        guard let resolution = try await application.resolve(scope) else { return .notFound }
        return try await resolution.respond(
            to: Request(scope: resolution.scope, body: RequestBody(body), host: self))
    }

    private func refuse(_ response: Response, _ isolation: isolated LoopIsolation) async {
        do { try await send(response, isolation) } catch { fail(error) }
    }

    private func send(_ response: Response, _ isolation: isolated LoopIsolation) async throws {
        if isGone { return }
        try response.headers.check()
        let hasBody = scope.method != .head && !response.status.forbidsBody
        switch response.body {
        case .empty: putHead(response)
        case .bytes(let bytes):
            putHead(response)
            if hasBody, !bytes.isEmpty { try await put(bytes, isolation) }
        case .stream(let write):
            putHead(response)
            if hasBody { try await write(ResponseBodyWriter(self)) }
        case .file(let path):
            guard let file = try await FileBody.open(path) else { return try await send(.notFound, isolation) }
            let answer = FileResponse(
                response, file, at: path, to: scope.method, scope.headers, services: scope.services)
            guard let range = answer.range else {
                if answer.response.status == .notModified { return putHead(answer.response) }
                return try await send(answer.response, isolation)
            }
            putHead(answer.response)
            var offset = range.lowerBound
            while hasBody, offset < range.upperBound {
                let piece = try await file.read(at: offset, upTo: range.upperBound)
                if piece.isEmpty { break }
                offset += piece.count
                try await put(piece, isolation)
            }
        }
    }

    private func putHead(_ response: Response) {
        outbox.put(.head(response.status, response.headers))
    }

    private func fail(_ error: any Error) {
        log.error("\(scope.method) failed: \(error)", metadata: ["path": "\(scope.path)"])
        outbox.put(.failure(ApplicationFailure(error, at: scope.path)))
    }

    // MARK: The body

    nonisolated(nonsending) func write(_ bytes: Bytes) async throws {
        try await put(bytes, loop.isolation)
    }

    private func put(_ bytes: Bytes, _ isolation: isolated LoopIsolation) async throws {
        if isGone { throw Gone() }
        outbox.put(.piece(bytes), cost: bytes.count)
        while outbox.cost > Self.limit {
            _ = await writer.waitUnlessCancelled(isolation)
            if isGone { throw Gone() }
            try Task.checkCancellation()
        }
    }
}

/// An error for work on a request whose client has disconnected.
private struct Gone: Error, CustomStringConvertible {
    var description: String { "The client disconnected." }
}
