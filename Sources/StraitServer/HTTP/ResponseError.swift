import StraitHTTP

/// A handler's response that cannot be sent.
enum ResponseError: Error, Hashable, CustomStringConvertible {
    /// A 1xx status announces another response, but none would follow.
    case interim(HTTPStatus)

    var description: String {
        switch self {
        case .interim(let status):
            """
            A handler returned the interim status \(status). Return a status of at least 200; for a WebSocket \
            handshake, a consumer's accept() sends 101.
            """
        }
    }
}
