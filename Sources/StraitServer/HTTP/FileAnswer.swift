package import StraitHTTP
package import StraitNetwork
package import StraitRouting

/// The answer to a request for a file: the whole, a part, or nothing if the client has it already (RFC 9110 §13 and
/// §14).
package struct FileAnswer {
    package let response: Response
    /// The bytes of the file to send; nil if none follow.
    package let range: Range<Int>?

    /// - Parameters:
    ///   - response: The answer without conditions. Its `ETag` and `Last-Modified` are the file's size and time unless it
    ///     has its own.
    ///   - path: The file's path, whose name has the type unless the answer has one.
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
