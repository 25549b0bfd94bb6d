internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// The life of one ``HTTPConsumer``: runs its handler in a task of the loop, gives the server the response as soon as
/// its beginning is known, and hands the body over piece by piece.
///
/// `@unchecked Sendable` is sound because everything in it is touched on its loop alone, by the handler's task and by
/// the server's, which both are isolated to it; `cancel()` comes there from wherever it is called.
final class HTTPConsumerExchange: @unchecked Sendable {
    let loop: EventLoop
    private let host: any RequestHost
    /// Made when it is first used.
    lazy var log = host.log.about(scope)
    let scope: Scope
    /// The consumer; nil once its `disconnect` has returned. It keeps this exchange: closures may
    /// still use the consumer.
    private var consumer: HTTPConsumer?
    private let body: RequestBody
    private var task: Task<Void, Never>?

    /// What `sendHeaders` set.
    private var head: (status: HTTPStatus, headers: HTTPFields)?
    /// The piece that the server is to take next.
    private var piece: Bytes?
    /// Whether the handler has said all it has to say.
    private var isFinished = false
    private var handlerError: (any Error)?
    private var clientError: (any Error)?
    /// What the consumer did wrong and is told of when it sends on.
    private var misuse: HTTPConsumerError?
    private var isCancelled = false
    private var isDisconnecting = false
    /// Bounds how long the consumer goes on after its request was over.
    private let timer = LoopTimer()

    /// Where the server waits for the response's beginning or its next piece, and the handler for the server.
    private let server: LoopWaiter
    private let handler: LoopWaiter

    init(_ consumer: HTTPConsumer, _ request: Request, host: any RequestHost) {
        self.consumer = consumer
        self.host = host
        let loop = host.loop
        self.loop = loop
        scope = request.scope
        body = request.body
        server = LoopWaiter(loop: loop)
        handler = LoopWaiter(loop: loop)
        consumer.attach(self)
        timer.action = { [unowned self] in timerFired() }
        host.consumerBegan()
    }

    // MARK: For the server

    /// Runs the consumer until its response begins.
    func respond(_ isolation: isolated LoopIsolation) async throws -> Response {
        task = loop.isolation.startTask { [self] in await run($0) }
        await withTaskCancellationHandler {
            await self.waitForServer(isolation) { self.head != nil || self.isFinished }
        } onCancel: {
            self.cancel()
        }
        guard let head, handlerError == nil || piece != nil else {
            throw handlerError ?? HTTPConsumerError.noResponse(name)
        }
        if isFinished, handlerError == nil {
            return Response(status: head.status, headers: head.headers, body: .bytes(takePiece() ?? Bytes()))
        }
        // Ends the handler where the response is never sent, or dropped in the middle.
        let lease = Lease { [self] in cancel() }
        return Response(
            status: head.status, headers: head.headers,
            body: .stream { [self] writer in
                try await write(to: writer, loop.isolation)
                withExtendedLifetime(lease) {}
            })
    }

    private func write(to writer: ResponseBodyWriter, _ isolation: isolated LoopIsolation) async throws {
        try await withTaskCancellationHandler {
            while true {
                await self.waitForServer(isolation) { self.piece != nil || self.isFinished }
                guard let piece = self.takePiece() else { break }
                do {
                    if !piece.isEmpty { try await writer.write(piece) }
                    self.handler.wake()
                } catch {
                    self.clientError = error
                    self.cancelOnLoop()
                    throw error
                }
            }
            if let error = self.handlerError { throw error }
        } onCancel: {
            self.cancel()
        }
    }

    private func waitForServer(_ isolation: isolated LoopIsolation, until isReady: () -> Bool) async {
        while !isReady() { _ = await server.wait() }
    }

    private func takePiece() -> Bytes? {
        defer { piece = nil }
        return piece
    }

    /// The client went away. Callable from anywhere.
    func cancel() {
        if loop.isOnLoop { cancelOnLoop() } else { loop.execute { self.cancelOnLoop() } }
    }

    private func cancelOnLoop() {
        guard !isFinished, !isCancelled else { return }
        isCancelled = true
        task?.cancel()
        handler.wake()
        loop.arm(timer, after: host.closeTimeout)
    }

    // MARK: For the consumer

    var isStarted: Bool { head != nil }

    func sendHeaders(_ status: HTTPStatus, _ headers: HTTPFields) {
        guard head == nil else {
            let error = HTTPConsumerError.secondHeaders
            misuse = misuse ?? error
            return log.error("\(name): \(error)", metadata: place)
        }
        head = (status, headers)
        server.wake()
    }

    func sendBody(_ bytes: Bytes, moreBody: Bool) async throws {
        if let misuse { throw misuse }
        guard head != nil else { throw HTTPConsumerError.bodyBeforeHeaders }
        guard !isFinished else { throw HTTPConsumerError.bodyAfterEnd }
        try checkClient()
        if !moreBody {
            piece = bytes
            finish(nil)
            return
        }
        piece = bytes
        server.wake()
        _ = await handler.wait()
        try checkClient()
    }

    private func checkClient() throws {
        if let clientError { throw clientError }
        if isCancelled { throw CancellationError() }
    }

    private func finish(_ error: (any Error)?) {
        guard !isFinished else {
            if let error, !(isCancelled && error is CancellationError) {
                log.error("\(name) failed after its response was complete: \(error)", metadata: place)
            }
            return
        }
        isFinished = true
        handlerError = error
        server.wake()
    }

    // MARK: The task

    private func run(_ isolation: isolated LoopIsolation) async {
        do {
            if let consumer { try await consumer.handle(try await body.collect(upTo: consumer.bodyLimit)) }
            finish(nil)
        } catch is StopConsumer {
            finish(nil)
        } catch {
            finish(error)
        }
        isDisconnecting = true
        loop.arm(timer, after: host.closeTimeout)
        // A task of its own, which nobody cancelled.
        task = loop.isolation.startTask { [self] in await runDisconnect($0) }
    }

    private func runDisconnect(_ isolation: isolated LoopIsolation) async {
        await consumer?.disconnect()
        consumer = nil
        task = nil
        loop.disarm(timer)
        host.consumerEnded()
    }

    private func timerFired() {
        log.error(
            "\(name) is still in \(isDisconnecting ? "disconnect()" : "handle()") \(host.closeTimeout) after its request was over; it is cancelled.",
            metadata: place)
        task?.cancel()
    }

    private var place: LogMetadata { ["path": "\(scope.path)"] }

    private var name: String { consumer.map { "\(type(of: $0))" } ?? "A consumer" }
}

/// Runs a closure when the last reference to it is gone.
private final class Lease: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }
}
