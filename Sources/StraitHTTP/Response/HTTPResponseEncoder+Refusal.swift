package import StraitNetwork

extension HTTPResponseEncoder {
    /// Writes the complete response to an invalid request. The connection must be closed after it.
    ///
    /// - Parameter isHead: Whether the request is a `HEAD`, whose response has no body (RFC 9110 §9.3.2).
    /// - Returns: The size of the body in bytes.
    package static func writeRefusal(
        _ error: HTTPParseError, isHead: Bool = false, serverName: String?, date: String?, into buffer: inout ByteBuffer
    ) -> Int {
        var encoder = HTTPResponseEncoder(
            method: isHead ? .head : .get, version: .http11, keepAlive: false, serverName: serverName)
        let head = HTTPResponseHead(status: error.status, fields: ["content-type": "text/plain; charset=utf-8"])
        let body = Bytes(error.reason + "\n")
        do throws(HTTPResponseError) {
            try encoder.writeHead(head, body: .known(body.count), date: date, into: &buffer)
            try encoder.writeBody(body.span, into: &buffer)
        } catch {
            // The head and the body above are valid and match.
            assertionFailure("\(error)")
        }
        return isHead ? 0 : body.count
    }
}
