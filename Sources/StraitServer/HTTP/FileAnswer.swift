package import StraitHTTP
package import StraitRouting

/// What a file is answered with: a part where a part is asked for, or nothing where the client has it already (RFC 9110
/// §13 and §14).
package struct FileAnswer {
    package private(set) var response: Response
    /// Which bytes of the file follow; nil where none do.
    package private(set) var range: Range<Int>?

    /// - Parameter response: What answers where nothing in particular is asked for. Its `ETag` and `Last-Modified` are
    ///   the file's size and time unless it has its own; conditions are not looked at where it is no 200.
    package init(_ response: Response, _ file: FileBody, to method: HTTPMethod, _ fields: HTTPFields) {
        self.response = response
        range = 0..<file.count
        guard response.status == .ok else { return }
        if response.headers["etag"] == nil {
            self.response.headers["etag"] = EntityTag(size: file.count, changed: file.changed).description
        }
        if response.headers["last-modified"] == nil {
            let seconds = file.changed >= 0 ? file.changed / 1_000_000_000 : 0
            self.response.headers["last-modified"] = HTTPDate(secondsSinceEpoch: seconds).description
        }
        self.response.headers["accept-ranges"] = "bytes"
        let outcome = RequestConditions.outcome(
            of: method, fields, tag: self.response.headers["etag"].flatMap { EntityTag(parsing: $0) },
            modified: self.response.headers["last-modified"].flatMap { HTTPDate(parsing: $0) }, size: file.count)
        switch outcome {
        case .whole: break
        case .part(let offsets):
            range = offsets
            self.response.status = .partialContent
            self.response.headers["content-range"] =
                "bytes \(offsets.lowerBound)-\(offsets.upperBound - 1)/\(file.count)"
        case .notModified:
            range = nil
            self.response = self.response.notModified
        case .preconditionFailed: refuse(.preconditionFailed)
        case .unsatisfiable:
            refuse(.rangeNotSatisfiable)
            self.response.headers["content-range"] = "bytes */\(file.count)"
        }
    }

    private mutating func refuse(_ status: HTTPStatus) {
        range = nil
        response = response.refusing(status)
    }
}
