import StraitHTTP

/// A response that a handler returned and that cannot be sent.
enum ResponseError: Error, Hashable, CustomStringConvertible {
    /// 1xx announces another response, and none would follow.
    case interim(HTTPStatus)

    var description: String {
        switch self {
        case .interim(let status):
            "\(status) is no final status. Answer with one from 200 on; a consumer's accept() answers a handshake with 101."
        }
    }
}
