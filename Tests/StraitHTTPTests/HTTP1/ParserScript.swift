import StraitCore
import StraitHTTP

/// An event that a parser reports. The pieces of a body are joined, so the split of the input does not matter.
enum Heard: Equatable, Sendable {
    case head(HTTPRequestHead)
    case body([UInt8])
    case end(HTTPFields)
    case refused(HTTPParseError)
}

/// Parses `bytes`, split at `cuts`, and returns the events.
func hear(_ bytes: [UInt8], cuts: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> [Heard] {
    var parser = HTTPRequestParser(limits: limits)
    var buffer = ByteBuffer()
    var heard: [Heard] = []
    var start = 0
    for cut in cuts + [bytes.count] {
        buffer.append(bytes.span.extracting(start..<cut))
        start = cut
        reading: while true {
            do {
                let step = try parser.parse(buffer.span)
                switch step.event {
                case .needMore:
                    buffer.consume(step.consumed)
                    break reading
                case .head(let head): heard.append(.head(head))
                case .end(let trailers): heard.append(.end(trailers))
                case .body(let range):
                    var piece: [UInt8] = []
                    for index in range { piece.append(buffer.span[index]) }
                    if case .body(let before) = heard.last {
                        heard[heard.count - 1] = .body(before + piece)
                    } else {
                        heard.append(.body(piece))
                    }
                }
                buffer.consume(step.consumed)
            } catch {
                heard.append(.refused(error))
                return heard
            }
        }
    }
    return heard
}

func hear(_ text: String, limits: HTTPLimits = HTTPLimits()) -> [Heard] {
    hear(Array(text.utf8), limits: limits)
}

/// The head of the first request in `text`, or nil if it is rejected.
func firstHead(_ text: String) -> HTTPRequestHead? {
    guard case .head(let head) = hear(text).first else { return nil }
    return head
}

/// The status with which a request in `text` is rejected, or nil if none is.
func refusal(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Int? {
    refusal(Array(text.utf8), limits: limits)
}

func refusal(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> Int? {
    guard case .refused(let error) = hear(bytes, limits: limits).last else { return nil }
    return error.status.code
}

/// A GET request with these header lines after `Host`. The lines have no line endings.
func get(_ lines: String...) -> String {
    "GET / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A POST request with a chunked body.
func chunked(_ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
}
