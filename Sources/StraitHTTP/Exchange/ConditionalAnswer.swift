internal import StraitCore

/// The response after applying the request's conditions and byte range (RFC 9110 §13 and §14): complete, partial, 304,
/// 412 or 416. Files, bytes in memory and pages all use it.
package struct ConditionalAnswer {
    package private(set) var response: Response
    /// The range of the content to send, or nil if the response has its own body or none.
    package private(set) var range: Range<Int>?

    /// Applies the conditions and the range of a request.
    ///
    /// - Parameters:
    ///   - response: The unconditional response, with its `ETag` and `Last-Modified` headers. Only a 200 is changed.
    ///   - size: The content's size in bytes, or nil if ranges are not supported. Encoded content (`Content-Encoding`)
    ///     never supports ranges, because a client could combine parts of different encodings.
    ///   - method: The request's method.
    ///   - fields: The request's headers.
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
    /// Returns this response after applying the request's conditions and byte range. Only a body in memory is changed.
    package func answeringConditions(of method: HTTPMethod, _ fields: HTTPFields) -> Response {
        guard case .bytes(let bytes) = body else { return self }
        let answer = ConditionalAnswer(self, size: bytes.count, to: method, fields)
        var response = answer.response
        if let range = answer.range, range.count < bytes.count { response.body = .bytes(bytes.slice(range)) }
        return response
    }
}
