package import StraitCore
package import StraitHTTP
import Synchronization

/// A body that arrives in pieces and counts how many were read.
package final class ScriptedBody: RequestBodySource {
    private let pieces: Mutex<[Bytes]>
    private let count = Mutex(0)
    private let failure: (any Error)?

    package init(_ pieces: [Bytes], failure: (any Error)? = nil) {
        self.pieces = Mutex(pieces)
        self.failure = failure
    }

    /// The number of pieces that were read.
    package var taken: Int { count.withLock { $0 } }

    package nonisolated(nonsending) func next() async throws -> Bytes? {
        let piece: Bytes? = pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if piece == nil, let failure { throw failure }
        if piece != nil { count.withLock { $0 += 1 } }
        return piece
    }
}

/// The error of a body whose client disconnects.
package struct ClientGone: Error {
    package init() {}
}

extension Request {
    package static let multipart = "multipart/form-data; boundary=b"

    /// Creates a request, by default a POST, whose body arrives in pieces.
    package init(_ type: String?, _ body: ScriptedBody, method: HTTPMethod = .post, headers: HTTPFields = HTTPFields())
    {
        var headers = headers
        headers["content-type"] = type
        self.init(
            scope: Scope(method: method, path: "/", headers: headers), body: RequestBody(body, contentLength: nil))
    }

    /// Creates a POST request with `body`.
    package init(_ type: String?, _ body: String, headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers["content-type"] = type
        self.init(scope: Scope(method: .post, path: "/", headers: headers), body: RequestBody(Bytes(body)))
    }
}

/// Returns a part of a multipart body with this Content-Disposition.
package func part(_ disposition: String, _ content: String = "x", type: String? = nil) -> String {
    "--b\r\nContent-Disposition: form-data; \(disposition)\r\n" + (type.map { "Content-Type: \($0)\r\n" } ?? "")
        + "\r\n\(content)\r\n"
}
