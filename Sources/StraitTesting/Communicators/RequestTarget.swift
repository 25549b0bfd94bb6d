import StraitHTTP

/// A path from a test, parsed like the target of a request line.
struct RequestTarget {
    let path: String
    let rawPath: String
    let queryString: String
    let headers: HTTPFields
    /// The reason that no client could send this path; nil if the path is valid.
    let error: CommunicatorError?

    init(_ target: String, _ headers: HTTPFields) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = String(parts[0])
        queryString = parts.count > 1 ? String(parts[1]) : ""
        let decoded = PercentEncoding.decode(rawPath)
        let isPlain = target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }
        if rawPath.hasPrefix("/"), isPlain, let decoded, !decoded.contains("\0") {
            error = nil
        } else {
            error = CommunicatorError(
                .badRequest,
                "Invalid path \(target.debugDescription): it has to begin with a slash and be percent-encoded, as in "
                    + "\"/caf%C3%A9/?q=1\".")
        }
        path = decoded ?? rawPath
        var fields = HTTPFields()
        if !headers.contains("host") { fields["Host"] = "testserver" }
        fields.append(contentsOf: headers)
        self.headers = fields
    }

    /// Returns an error if a header is invalid.
    static func check(_ fields: HTTPFields) -> CommunicatorError? {
        do {
            try fields.check()
            return nil
        } catch {
            return CommunicatorError(.badRequest, "No client can send these headers: \(error)")
        }
    }
}
