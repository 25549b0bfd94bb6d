package import StraitHTTP
package import StraitNetwork
package import StraitRouting

/// The response to a request for a file (RFC 9110 §13 and §14). It has the whole file, a part, or no body if the client
/// already has the file.
package struct FileAnswer {
    package let response: Response
    /// The range of the file to send, or nil if there is no body.
    package let range: Range<Int>?

    /// Applies the request's conditions and range to `response`.
    ///
    /// - Parameters:
    ///   - response: The response without conditions. If it has no `ETag` or `Last-Modified`, they are set from the
    ///     file's size and time.
    ///   - path: The file's path. If the response has no content type, the path's extension sets it.
    package init(
        _ response: Response, _ file: FileBody, at path: String, to method: HTTPMethod, _ fields: HTTPFields,
        services: Services
    ) {
        var response = response
        if response.headers["content-type"] == nil {
            let types = services.find(MediaTypes.self) ?? MediaTypes()
            response.headers["content-type"] = types.type(ofPath: path).rawValue
        }
        if response.status == .ok {
            if response.headers["etag"] == nil {
                response.headers["etag"] = EntityTag(size: file.count, changed: file.changed).description
            }
            if response.headers["last-modified"] == nil {
                let seconds = file.changed >= 0 ? file.changed / 1_000_000_000 : 0
                response.headers["last-modified"] = HTTPDate(secondsSinceEpoch: seconds).description
            }
        }
        let answer = ConditionalAnswer(response, size: file.count, to: method, fields)
        self.response = answer.response
        range = answer.range
    }
}
