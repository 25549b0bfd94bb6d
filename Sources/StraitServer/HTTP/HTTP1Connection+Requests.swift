import StraitCore
import StraitHTTP
import StraitWebSocket

/// Reading requests: parsing, passing on bodies, rejecting invalid requests, and the client's deadlines.
extension HTTP1Connection {
    var canParse: Bool {
        guard let current else { return !isEnding && !isHeldBack && !isResting }
        return !isUpgraded && !current.requestEnded && (!current.isPaused || current.responseEnded)
    }

    /// Parses the bytes in the backlog.
    func parseBacklog() {
        guard !isParsing else { return }
        // The parser may be able to end the current request without another byte.
        var isDue = current != nil
        while canParse, isDue || !backlog.isEmpty {
            isDue = false
            var input = ByteBuffer()
            swap(&input, &backlog)
            let consumed = parse(input.span)
            let stuck = consumed == 0
            input.consume(consumed)
            // Bytes that arrived during the call follow the rest of the input.
            if !backlog.isEmpty { input.append(backlog.span) }
            swap(&input, &backlog)
            if stuck { break }
        }
        if backlog.isEmpty { backlog.removeAll(keepingCapacity: false) }
        if isUpgraded { return deliverBacklog() }
        if canParse { stream.resumeReading() }
    }

    func deliverBacklog() {
        guard !backlog.isEmpty else { return stream.resumeReading() }
        let bytes = backlog.take()
        stream.resumeReading()
        current?.driver?.received(bytes.span)
    }

    /// Parses as many events as currently possible. Returns the number of consumed bytes.
    func parse(_ input: Span<UInt8>) -> Int {
        isParsing = true
        defer { isParsing = false }
        var position = 0
        do throws(HTTPParseError) {
            while canParse {
                let rest = input.extracting(position..<input.count)
                guard let step = try parser?.value.parse(rest) else { return position }
                position += step.consumed
                switch step.event {
                case .needMore:
                    // Between two requests, without a byte of the next one, the keep-alive timeout continues.
                    if current != nil || position < input.count || parser?.value.isInsideRequest == true {
                        awaitMore()
                    }
                    return position
                case .head(let head):
                    if head.body == .none {
                        // No body follows, so the request is completed before it is answered.
                        let end = try parser?.value.parse(input.extracting(position..<position))
                        position += end?.consumed ?? 0
                    }
                    begin(head)
                case .body(let range):
                    receivedBody(rest.extracting(range))
                case .end:
                    receivedEnd()
                }
            }
        } catch {
            refuse(error)
            return input.count
        }
        return position
    }

    func begin(_ head: HTTPRequestHead) {
        deadline?.beginRequest()
        countRequest()
        let exchange = HTTP1Exchange(head: head, connection: self)
        exchange.encoder = HTTPResponseEncoder(
            method: head.method, version: head.version, keepAlive: head.keepAlive && !isEnding,
            serverName: server.configuration.serverName)
        current = exchange
        discard = server.configuration.discardLimit
        if head.body == .none {
            exchange.bodyIsEmpty = true
            exchange.requestEnded = true
            deadline?.end()
        }
        server.answer(exchange)
    }

    func receivedBody(_ bytes: Span<UInt8>) {
        guard let current else { return }
        current.bodyReceived += bytes.count
        if current.responseEnded {
            discard -= bytes.count
            if discard < 0 { close(current, nil) }
        } else {
            deadline?.end()
            current.driver?.received(bytes)
        }
    }

    func receivedEnd() {
        guard let current else { return }
        deadline?.end()
        current.requestEnded = true
        if current.responseEnded { complete(current) } else { current.driver?.receivedEnd() }
    }

    /// Answers an invalid request with an error and closes the connection.
    func refuse(_ error: HTTPParseError) {
        deadline?.end()
        isEnding = true
        server.counters.refuseRequest(error.status)
        let isAnswered = current?.headSent ?? false
        var count = 0
        if !isAnswered {
            let name = server.configuration.serverName
            let date = server.date
            let isHead = current.map { $0.head.method == .head } ?? parser?.value.isHead ?? false
            stream.write {
                count = HTTPResponseEncoder.writeRefusal(
                    error, isHead: isHead, serverName: name, date: date, into: &$0)
            }
        }
        if let current {
            // The body's framing is invalid. The driver is notified and logs the status.
            if !isAnswered { current.note(error.status, bodyBytes: count) }
            end(current, .reset)
        } else {
            server.log.info(
                "request refused",
                metadata: [
                    "client": "\(stream.peer)", "status": "\(error.status.code)", "reason": "\(error.reason)",
                ])
            server.traffic.answered(error.status.code)
            server.accessLog?.request(
                peer: stream.peer, method: "-", path: "-", status: error.status.code, bytes: count)
        }
        stream.finish()
    }

    // MARK: Time limits

    func awaitMore() {
        if let current {
            // A client that waits for 100 Continue is not slow.
            if !current.requestEnded, !current.bodyWithheld {
                deadline?.begin(.body, received: current.bodyReceived)
            }
        } else {
            deadline?.begin(.head)
        }
    }

    func timedOut() {
        if let current, current.isPaused, !current.responseEnded {
            // The handler, not the client, is slow.
            return
        }
        let isMidway = !backlog.isEmpty || current != nil || parser?.value.isInsideRequest == true
        if isMidway, current?.headSent != true {
            refuse(HTTPParseError(.requestTimeout, "The request took too long to arrive."))
        } else if let current {
            close(current, .reset)
        } else {
            stream.finish()
        }
    }
}
