internal import StraitCrypto
internal import StraitHTTP
public import StraitRouting
internal import Synchronization

/// Assigns each request an ID and returns it in `X-Request-ID`, so that a user's report can be matched to the log. An ID
/// that a trusted proxy gave is kept.
public struct RequestIDMiddleware: StagedMiddleware {
    public let inner: any Application
    private let assigner: Stage
    package var stage: any MiddlewareStage { assigner }

    /// - Parameter trustsClients: Whether an `X-Request-ID` of the request is kept: if a proxy in front sets it.
    public init(_ inner: any Application, trustsClients: Bool = false) {
        self.inner = inner
        assigner = Stage(trustsClients: trustsClients)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .finish]
        private let trustsClients: Bool
        /// The beginning of all IDs, which tells this site's from those of other processes.
        private let prefix = randomBytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        private let count = Atomic<UInt64>(0)

        init(trustsClients: Bool) { self.trustsClients = trustsClients }

        func enter(_ scope: inout Scope) -> Endpoint? {
            // Log lines about a socket name its path and peer.
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
