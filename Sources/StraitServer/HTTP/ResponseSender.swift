import StraitHTTP
import StraitNetwork
import StraitRouting

/// Sends one response over an exchange: as a whole, piece by piece as it is written, or from a file. Loop-bound.
final class ResponseSender {
    private let exchange: Exchange
    private let server: ServerLoop
    private var sink: ExchangeSink?
    /// Whether a response was given to send.
    private(set) var hasBegun = false
    /// Whether the response's body is written as it comes, by the application.
    private(set) var isStreaming = false
    private var isOver = false

    init(_ exchange: Exchange, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
    }

    /// The client took what was queued.
    func drained() { sink?.drained() }

    /// The exchange is over.
    func end() {
        isOver = true
        sink?.end()
    }

    /// Sends `response` and finishes the exchange, or aborts it where half of the response is all that can be sent.
    func send(_ response: Response, _ isolation: isolated LoopIsolation) async {
        hasBegun = true
        do {
            try await write(response, isolation)
            if !isOver { exchange.finish() }
        } catch {
            if isOver || exchange.status != nil && error is CancellationError { return exchange.abort() }
            fail(error, response)
        }
    }

    /// Sends a response that is there as a whole, and finishes the exchange. False for any other.
    func sendNow(_ response: Response) -> Bool {
        guard response.status.code >= 200 else { return false }
        do throws(HTTPResponseError) {
            switch response.body {
            case .empty: try sendHead(response, .none)
            case .bytes(let bytes): try sendWhole(response, bytes)
            case .stream, .file: return false
            }
            hasBegun = true
            if !isOver { exchange.finish() }
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
        if let error = error as? TransportError, error.isOfPeer {
            server.log.info(
                "download ended early", metadata: ["path": "\(exchange.head.rawPath)", "reason": "\(error)"])
            return exchange.abort()
        }
        server.log.error("The response failed: \(error)", metadata: ["path": "\(exchange.head.rawPath)"])
        // Half a response cannot be taken back; the client sees it cut off. Before its head it can be replaced.
        if exchange.status == nil { respond(.status(.internalServerError)) } else { exchange.abort() }
    }

    /// Sends a response that is there as a whole.
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
        // RFC 9110 §15.2: a client takes it for interim, and the next request's answer for this one's.
        guard response.status.code >= 200 else { throw ResponseError.interim(response.status) }
        switch response.body {
        case .empty:
            try sendHead(response, .none)
        case .bytes(let bytes):
            try sendWhole(response, bytes)
        case .stream(let write):
            try exchange.checkMayGoOn(server)
            try sendHead(response, .unknown)
            guard exchange.head.method != .head else { return }
            isStreaming = true
            try await write(ResponseBodyWriter(openSink()))
        case .file(let path):
            guard let file = try await FileBody.open(path) else {
                return try await self.write(response.refusing(.notFound), isolation)
            }
            guard !isOver else { throw TransportError.closed }
            let answer = FileAnswer(
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
        // What is read at once goes out with the head.
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
