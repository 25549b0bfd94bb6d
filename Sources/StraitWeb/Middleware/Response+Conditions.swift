internal import StraitHTTP
internal import StraitRouting

extension Response {
    /// This response, or 304 or 412 as its `ETag` or `Last-Modified` and the request's conditions demand (RFC 9110 §13);
    /// Django's `get_conditional_response`. A file is compared when it is opened.
    func unlessKnown(to request: Scope) -> Response {
        if case .file = body { return self }
        guard status == .ok, headers["etag"] != nil || headers["last-modified"] != nil else { return self }
        return ConditionalAnswer(self, size: nil, to: request.method, request.headers).response
    }
}
