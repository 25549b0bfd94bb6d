package import StraitHTTP
internal import StraitNetwork

/// A response as the conditions and the byte range of its request leave it (RFC 9110 §13 and §14): the whole, a part, 304,
/// 412 or 416. The one place that decides this, for files, for bytes in memory and for pages.
package struct ConditionalAnswer {
    package private(set) var response: Response
    /// The bytes of the content to send; nil if the response has a body of its own, or none.
    package private(set) var range: Range<Int>?

    /// - Parameters:
    ///   - response: The answer without conditions, with its `ETag` and `Last-Modified`. Only a 200 is changed.
    ///   - size: The size of the content in bytes; nil if no part of it may be sent. A coded content (`Content-Encoding`)
    ///     has no parts in any case: a client could put parts of different codings together.
    package init(_ response: Response, size: Int?, to method: HTTPMethod, _ fields: HTTPFields) {
        self.response = response
        range = size.map { 0..<$0 }
        guard response.status == .ok else { return }
        let isCoded = response.headers.contains("content-encoding")
        if size != nil { self.response.headers["accept-ranges"] = isCoded ? "none" : "bytes" }
        let outcome = RequestConditions.outcome(
            of: method, fields, tag: response.headers["etag"].flatMap { EntityTag(parsing: $0) },
            modified: response.headers["last-modified"].flatMap { HTTPDate(parsing: $0) }, size: isCoded ? nil : size)
        switch outcome {
        case .whole: break
        case .part(let offsets):
            range = offsets
            self.response.status = .partialContent
            self.response.headers["content-range"] =
                "bytes \(offsets.lowerBound)-\(offsets.upperBound - 1)/\(size ?? offsets.upperBound)"
        case .notModified:
            range = nil
            self.response = self.response.notModified
        case .preconditionFailed: refuse(.preconditionFailed)
        case .unsatisfiable:
            refuse(.rangeNotSatisfiable)
            if let size { self.response.headers["content-range"] = "bytes */\(size)" }
        }
    }

    private mutating func refuse(_ status: HTTPStatus) {
        range = nil
        response = response.refusing(status)
    }
}

extension Response {
    /// This response, whose body is in memory, as the conditions and the range of its request leave it.
    package func answeringConditions(of method: HTTPMethod, _ fields: HTTPFields) -> Response {
        guard case .bytes(let bytes) = body else { return self }
        let answer = ConditionalAnswer(self, size: bytes.count, to: method, fields)
        var response = answer.response
        if let range = answer.range, range.count < bytes.count { response.body = .bytes(bytes.slice(range)) }
        return response
    }
}
