internal import StraitHTTP
internal import StraitRouting

extension Response {
    /// Returns this response, or 304 or 412 if the request's conditions require it (RFC 9110 §13). Django's
    /// `get_conditional_response`.
    ///
    /// The conditions are compared with `ETag` or `Last-Modified`. A file is compared later, when it is opened.
    func unlessKnown(to request: Scope) -> Response {
        if case .file = body { return self }
        guard status == .ok, headers["etag"] != nil || headers["last-modified"] != nil else { return self }
        return ConditionalAnswer(self, size: nil, to: request.method, request.headers).response
    }
}
