import StraitHTTP

/// A path as a test writes it, taken apart as the server does it with a request line.
struct RequestTarget {
    let path: String
    let rawPath: String
    let queryString: String
    let headers: HTTPFields
    /// Why no client could send this.
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
                "No client can ask for \(target.debugDescription): a path begins with a slash and is percent-coded, as \"/caf%C3%A9/?q=1\"."
            )
        }
        path = decoded ?? rawPath
        var fields = HTTPFields()
        if !headers.contains("host") { fields["Host"] = "testserver" }
        fields.append(contentsOf: headers)
        self.headers = fields
    }

    /// What is wrong with a field that was set.
    static func check(_ fields: HTTPFields) -> CommunicatorError? {
        do {
            try fields.check()
            return nil
        } catch {
            return CommunicatorError(.badRequest, "No client can send these headers: \(error)")
        }
    }
}
