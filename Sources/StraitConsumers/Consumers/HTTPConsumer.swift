public import StraitCore
public import StraitHTTP

/// The handler of one request, with its state: Channels' `AsyncHttpConsumer`. For long polling, server-sent events and
/// other long-running responses. For an ordinary page, a closure is simpler.
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

    /// Creates a consumer, which answers one request.
    public init() {}

    // MARK: Hooks

    /// Handles the request. `body` is its complete body. Send the response from this method; it ends when the method
    /// returns.
    ///
    /// An error thrown before anything was sent is answered with its status or 500. An error during the response aborts
    /// the connection. An error after a complete response is logged. If the client disconnects or the server stops, the
    /// task is cancelled.
    open nonisolated(nonsending) func handle(_ body: Bytes) async throws {}

    /// Cleans up after the request. Called exactly once, after ``handle(_:)`` or instead of it, in a task that is not
    /// cancelled.
    open nonisolated(nonsending) func disconnect() async {}

    /// The maximum size of the request body in bytes. Larger requests are answered with 413. 2.5 MiB by default, like
    /// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    open var bodyLimit: Int { 2_621_440 }

    // MARK: The request

    /// The request's path, headers and route arguments. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// This request's log. Metadata added to it appears on every later line about this consumer.
    public final var log: Log {
        get { attached.log }
        set { attached.log = newValue }
    }

    /// The clock of this consumer's event loop; in tests, a manual clock. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

    // MARK: Actions

    /// Sets the status and headers of the response. They are sent with the first piece of the body, or as soon as this
    /// consumer suspends. After a second call, ``sendBody(_:moreBody:)`` throws.
    public final func sendHeaders(status: HTTPStatus = .ok, headers: HTTPFields = HTTPFields()) {
        attached.sendHeaders(status, headers)
    }

    /// Sends a piece of the body, after ``sendHeaders(status:headers:)``.
    ///
    /// - Parameter moreBody: Whether more of the body follows. If true, this method waits until the client can take
    ///   more.
    /// - Throws: `CancellationError` or the connection's error if the client disconnects.
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

    /// Sends a server-sent event. The first call also sends the headers of an event stream, unless headers were sent
    /// before.
    ///
    /// - Parameters:
    ///   - data: The browser's `message.data`, with one or more lines.
    ///   - event: The event's name; `message` if nil.
    ///   - id: The ID that the browser sends as `Last-Event-ID` when it reconnects.
    ///   - retry: The time that the browser waits before it reconnects.
    /// - Throws: ``ServerSentEvent/InvalidField`` if `event` or `id` contains a line break or a NUL; the errors of
    ///   ``sendBody(_:moreBody:)``.
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

/// One event of an event stream (HTML standard, §9.2.6).
public struct ServerSentEvent: Hashable, Sendable {
    /// An error for a field that contains a line break or a NUL.
    public struct InvalidField: Error, Hashable, CustomStringConvertible {
        /// The field's name: `event` or `id`.
        public let field: String
        /// The error's text, which names the field.
        public var description: String {
            "The \(field) of a server-sent event must not contain a line break or a NUL."
        }
    }

    /// The encoded event, including the empty line that ends it.
    public let text: String

    /// Encodes an event.
    ///
    /// - Throws: ``InvalidField`` if `event` or `id` contains a line break or a NUL.
    public init(
        _ data: String, event: String? = nil, id: String? = nil, retry: Duration? = nil
    ) throws(InvalidField) {
        var text = ""
        if let event { text += try Self.line("event", event) }
        if let id { text += try Self.line("id", id) }
        if let retry {
            let (seconds, attoseconds) = retry.components
            text += "retry: \(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))\n"
        }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine) {
            text += "data: \(line)\n"
        }
        self.text = text + "\n"
    }

    private static func line(_ field: String, _ value: String) throws(InvalidField) -> String {
        guard !value.contains(where: { endsLine($0) || $0 == "\0" }) else { throw InvalidField(field: field) }
        return "\(field): \(value)\n"
    }

    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }
}
