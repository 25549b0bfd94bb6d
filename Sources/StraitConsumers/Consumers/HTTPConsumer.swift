public import StraitHTTP
public import StraitNetwork
public import StraitRouting

/// A request's whole life in one object: Channels' `AsyncHttpConsumer`. For long polling, server-sent events and other
/// answers that take their time; a page is simpler as a closure.
///
/// ```swift
/// final class Clock: HTTPConsumer {
///     override func handle(_ body: Bytes) async throws {
///         while true {
///             try await sendEvent("tick", event: "time")
///             try await clock.sleep(for: .seconds(1))
///         }
///     }
/// }
/// ```
///
/// An instance belongs to one request and one event loop, so its properties need no lock.
open class HTTPConsumer: ServiceProvider {
    private var exchange: HTTPConsumerExchange?

    /// Makes a consumer, which answers one request.
    public init() {}

    // MARK: Hooks

    /// The request arrived, with its whole body. Send the response from here; it ends when this returns.
    ///
    /// An error that is thrown before anything was sent is answered with its status or 500; after that it breaks the
    /// connection off; after the response is complete it is logged. Where the client goes away or the server stops the
    /// task is cancelled.
    open nonisolated(nonsending) func handle(_ body: Bytes) async throws {}

    /// The request is over. Called exactly once, after ``handle(_:)`` or instead of it, in a task that is not cancelled.
    open nonisolated(nonsending) func disconnect() async {}

    /// The most bytes of body to take; more are answered with 413. 2.5 MiB, as Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    open var bodyLimit: Int { 2_621_440 }

    // MARK: What is known

    /// What is known of the request: path, headers, route arguments. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// The log of this request. Metadata that is added to it is on each line about this consumer.
    public final var log: Log {
        get { attached.log }
        set { attached.log = newValue }
    }

    /// The clock of this consumer's loop; in tests, one that is moved by hand. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

    // MARK: Actions

    /// Sets the status and the header fields of the response, once: a second time makes
    /// ``sendBody(_:moreBody:)`` throw. They travel with the first of the body, or as soon as this consumer waits for
    /// something.
    public final func sendHeaders(status: HTTPStatus = .ok, headers: HTTPFields = HTTPFields()) {
        attached.sendHeaders(status, headers)
    }

    /// Sends a piece of the body, after ``sendHeaders(status:headers:)``.
    ///
    /// - Parameter moreBody: Whether the body goes on. Then this waits until the client can take more.
    /// - Throws: `CancellationError` or the connection's error where the client went away.
    public final nonisolated(nonsending) func sendBody(_ body: Bytes, moreBody: Bool = false) async throws {
        try await attached.sendBody(body, moreBody: moreBody)
    }

    /// Sends a whole response.
    public final nonisolated(nonsending) func sendResponse(
        status: HTTPStatus = .ok, body: Bytes, headers: HTTPFields = HTTPFields()
    ) async throws {
        sendHeaders(status: status, headers: headers)
        try await sendBody(body)
    }

    /// Sends a server-sent event, and first, once, the header fields of an event stream unless others were sent.
    ///
    /// - Parameters:
    ///   - data: What the browser's `message.data` will be; may have several lines.
    ///   - event: The event's name, `message` where there is none.
    ///   - id: What the browser names in `Last-Event-ID` when it comes back.
    ///   - retry: How long the browser is to wait before it comes back.
    /// - Throws: ``ServerSentEvent/InvalidField`` where `event` or `id` holds the end of a line; what
    ///   ``sendBody(_:moreBody:)`` throws.
    public final nonisolated(nonsending) func sendEvent(
        _ data: String, event: String? = nil, id: String? = nil, retry: Duration? = nil
    ) async throws {
        let event = try ServerSentEvent(data, event: event, id: id, retry: retry)
        if !attached.isStarted {
            sendHeaders(headers: ["content-type": "text/event-stream", "cache-control": "no-cache"])
        }
        try await sendBody(Bytes(event.text), moreBody: true)
    }

    private final var attached: HTTPConsumerExchange {
        guard let exchange else {
            preconditionFailure(
                "\(type(of: self)) has no request: its scope and response exist from handle() on."
            )
        }
        return exchange
    }

    final func attach(_ exchange: HTTPConsumerExchange) { self.exchange = exchange }
}
