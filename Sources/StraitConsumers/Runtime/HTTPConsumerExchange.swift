internal import StraitCore
internal import StraitHTTP
internal import StraitRouting

/// The life of one ``HTTPConsumer``. It runs the handler in a task on the loop, returns the response when its headers
/// are known, and passes the body to the server piece by piece.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is accessed only on the loop. The handler's and the
/// server's tasks are isolated to the loop, and `cancel()` switches to it.
final class HTTPConsumerExchange: @unchecked Sendable {
    let loop: EventLoop
    private let host: any ServerContext
    /// Created when first used.
    lazy var log = host.log.about(scope)
    let scope: Scope
    /// The consumer; nil after its `disconnect` has returned. The consumer retains this exchange, because closures may
    /// still use the consumer.
    private var consumer: HTTPConsumer?
    private let body: RequestBody
    private var task: Task<Void, Never>?

    /// The status and headers that `sendHeaders` set.
    private var head: (status: HTTPStatus, headers: HTTPFields)?
    /// The next piece of the body for the server to take.
    private var piece: Bytes?
    /// Whether the response is complete or the handler has failed.
    private var isFinished = false
    private var handlerError: (any Error)?
    private var clientError: (any Error)?
    /// A mistake of the consumer. Later calls of `sendBody` throw it.
    private var misuse: HTTPConsumerError?
    private var isCancelled = false
    private var isDisconnecting = false
    /// The timer that limits the consumer's run time after its request has ended.
    private let timer = LoopTimer()

    /// The waiter of the server, for the response's headers or the next piece.
    private let server: LoopWaiter
    /// The waiter of the handler, until the server has taken a piece.
    private let handler: LoopWaiter

    init(_ consumer: HTTPConsumer, _ request: Request, host: any ServerContext) {
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
        // Cancels the handler if the response is never sent, or is dropped before its end.
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

    /// Cancels the handler, because the client disconnected. Callable from any thread.
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
        // A new task, because the handler's task may have been cancelled.
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
            """
            \(name) is still in \(isDisconnecting ? "disconnect()" : "handle()") \(host.closeTimeout) after its \
            request ended; it is cancelled.
            """,
            metadata: place)
        task?.cancel()
    }

    private var place: LogMetadata { ["path": "\(scope.path)"] }

    private var name: String { consumer.map { "\(type(of: $0))" } ?? "A consumer" }
}

/// An object that runs a closure when its last reference is released.
private final class Lease: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }
}
