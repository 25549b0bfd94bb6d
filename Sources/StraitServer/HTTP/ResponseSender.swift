import StraitCore
import StraitHTTP
import StraitRouting

/// The sender of one response: a complete, streamed or file response. Loop-bound.
final class ResponseSender {
    private let exchange: any Exchange
    private let server: ServerLoop
    private var sink: ExchangeSink?
    /// Whether a response has begun to be sent.
    private(set) var hasBegun = false
    /// Whether the application streams the response's body.
    private(set) var isStreaming = false
    private var hasEnded = false

    init(_ exchange: any Exchange, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
    }

    /// Wakes the writer because the client has read the queued output.
    func drained() { sink?.drained() }

    /// Handles the end of the exchange.
    func end() {
        hasEnded = true
        sink?.end()
    }

    /// Sends `response` and finishes the exchange. Aborts the exchange if the response cannot be completed.
    func send(_ response: Response, _ isolation: isolated LoopIsolation) async {
        hasBegun = true
        do {
            try await write(response, isolation)
            if !hasEnded { exchange.finish() }
        } catch {
            if hasEnded || exchange.status != nil && error is CancellationError { return exchange.abort() }
            fail(error, response)
        }
    }

    /// Sends a complete response without waiting and finishes the exchange. Returns false for a streamed, file or
    /// interim response.
    func sendNow(_ response: Response) -> Bool {
        guard response.status.code >= 200 else { return false }
        do throws(HTTPResponseError) {
            switch response.body {
            case .empty: try sendHead(response, .none)
            case .bytes(let bytes): try sendWhole(response, bytes)
            case .stream, .file: return false
            }
            hasBegun = true
            if !hasEnded { exchange.finish() }
        } catch {
            hasBegun = true
            fail(error, response)
        }
        return true
    }

    private func fail(_ error: any Error, _ response: Response) {
        if error is CancellationError {
            if exchange.peerHasHungUp || !server.isStopping { return exchange.abort() }
            return respond(response.refusing(.serviceUnavailable))
        }
        if let error = error as? TransportError, error.isPeerFault {
            server.log.info(
                "download ended early", metadata: ["path": "\(exchange.head.rawPath)", "reason": "\(error)"])
            return exchange.abort()
        }
        server.log.error("The response failed: \(error)", metadata: ["path": "\(exchange.head.rawPath)"])
        // A response that has begun cannot be replaced, so it is cut off. Before its head is sent, an error response
        // replaces it.
        if exchange.status == nil { respond(.status(.internalServerError)) } else { exchange.abort() }
    }

    /// Sends a complete response.
    private func respond(_ response: Response) {
        guard case .bytes(let bytes) = response.body else { return exchange.abort() }
        do {
            try sendWhole(response, bytes)
        } catch {
            exchange.abort()
        }
    }

    private func sendHead(_ response: Response, _ length: HTTPResponseEncoder.BodyLength) throws(HTTPResponseError) {
        try exchange.sendHead(HTTPResponseHead(status: response.status, fields: response.headers), body: length)
    }

    private func sendWhole(_ response: Response, _ bytes: Bytes) throws(HTTPResponseError) {
        try exchange.send(HTTPResponseHead(status: response.status, fields: response.headers), bytes)
    }

    private func write(_ response: Response, _ isolation: isolated LoopIsolation) async throws {
        // RFC 9110 §15.2: a client takes a 1xx response as interim, and then the next request's response as the answer
        // to this one.
        guard response.status.code >= 200 else { throw ResponseError.interim(response.status) }
        switch response.body {
        case .empty:
            try sendHead(response, .none)
        case .bytes(let bytes):
            try sendWhole(response, bytes)
        case .stream(let write):
            try exchange.checkCanContinue(server)
            try sendHead(response, .unknown)
            guard exchange.head.method != .head else { return }
            isStreaming = true
            try await write(ResponseBodyWriter(openSink()))
        case .file(let path):
            guard let file = try await FileBody.open(path) else {
                return try await self.write(response.refusing(.notFound), isolation)
            }
            guard !hasEnded else { throw TransportError.closed }
            let answer = FileResponse(
                response, file, at: path, to: exchange.head.method, exchange.head.fields, services: server.services)
            guard let range = answer.range else {
                if answer.response.status == .notModified { return try sendHead(answer.response, .none) }
                return try await write(answer.response, isolation)
            }
            try sendHead(answer.response, .known(range.count))
            guard exchange.head.method != .head else { return }
            try await send(file, range, isolation)
        }
    }

    private func send(_ file: FileBody, _ range: Range<Int>, _ isolation: isolated LoopIsolation) async throws {
        let sink = openSink()
        var offset = range.lowerBound
        // A short file is read and sent together with the head.
        if range.count > FileBody.pieceSize { offset = try await sink.transfer(file, range, isolation) }
        while offset < range.upperBound {
            let piece = try await file.read(at: offset, upTo: range.upperBound)
            if piece.isEmpty { break }
            offset += piece.count
            try await sink.write(piece)
        }
    }

    private func openSink() -> ExchangeSink {
        let sink = ExchangeSink(exchange)
        self.sink = sink
        return sink
    }
}

/// A handler's response that cannot be sent.
enum ResponseError: Error, Hashable, CustomStringConvertible {
    /// A 1xx status announces another response, but none would follow.
    case interim(HTTPStatus)

    var description: String {
        switch self {
        case .interim(let status):
            """
            A handler returned the interim status \(status). Return a status of at least 200; for a WebSocket \
            handshake, a consumer's accept() sends 101.
            """
        }
    }
}
