internal import StraitCrypto
import StraitHTTP
public import StraitRouting
internal import Synchronization

/// Middleware that assigns each request an ID and returns it in `X-Request-ID`, so that a user's report can be matched
/// to the log.
///
/// An ID from a trusted proxy is kept.
public struct RequestIDMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let assigner: Stage
    package var stage: any MiddlewareStage { assigner }

    /// Wraps `inner` in the assignment of IDs.
    ///
    /// - Parameters:
    ///   - inner: The application whose requests get IDs.
    ///   - trustsClients: Whether to keep the `X-Request-ID` of a request. Set it only if a proxy in front sets that
    ///     header.
    public init(_ inner: any Application, trustsClients: Bool = false) {
        self.inner = inner
        assigner = Stage(trustsClients: trustsClients)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .finish]
        private let trustsClients: Bool
        /// The random start of all IDs, which distinguishes them from those of other processes.
        private let prefix = randomBytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        private let count = Atomic<UInt64>(0)

        init(trustsClients: Bool) { self.trustsClients = trustsClients }

        func enter(_ scope: inout Scope) -> Endpoint? {
            // The log identifies sockets by path and peer.
            guard scope.type == .http else { return nil }
            scope.requestIdentity =
                given(scope) ?? .numbered(prefix: prefix, number: count.wrappingAdd(1, ordering: .relaxed).newValue)
            return nil
        }

        func finish(_ response: inout Response, _ scope: Scope) {
            if let id = scope.requestIdentity { response.headers.set(uncheckedName: "x-request-id", id.text) }
        }

        private func given(_ scope: Scope) -> RequestIdentity? {
            guard trustsClients, let id = scope.headers["x-request-id"], (1...128).contains(id.utf8.count),
                id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { return nil }
            return .given(id)
        }
    }
}
