internal import StraitCrypto
internal import StraitHTTP
public import StraitRouting
internal import Synchronization

/// Gives each request a name, which its response carries as `X-Request-ID` and the log may show: so that what a user
/// reports can be found. One that a trusted proxy gave is kept.
public struct RequestIDMiddleware: Middleware {
    public let inner: any Application
    private let trustsClients: Bool

    /// - Parameter trustsClients: Whether an `X-Request-ID` of the request is kept: where a proxy in front sets it.
    public init(_ inner: any Application, trustsClients: Bool = false) {
        self.inner = inner
        self.trustsClients = trustsClients
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // What happens on a socket is told by its path and its peer.
        guard scope.type == .http else { return try await inner.resolve(scope) }
        var scope = scope
        let id = given(scope) ?? RequestID.next()
        scope[RequestID.self] = id
        return try await inner.resolve(scope)?.mapResponse { response in
            var response = response
            response.headers["x-request-id"] = id
            return response
        }
    }

    private func given(_ scope: Scope) -> String? {
        guard trustsClients, let id = scope.headers["x-request-id"], (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return id
    }
}

/// Where a scope has its request's name.
enum RequestID: ScopeKey {
    static var defaultValue: String? { nil }

    /// What the names of this process begin with, which no other process' do.
    private static let prefix = randomBytes(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    private static let count = Atomic<UInt64>(0)

    /// 32 hexadecimal digits: a name is no secret, so that the half of them counts.
    static func next() -> String {
        let digits = String(count.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return prefix + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Scope {
    /// The name that ``/StraitWeb/RequestIDMiddleware`` gave the request; nil outside of one.
    public var requestID: String? { self[RequestID.self] }
}
