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
        private let trustsClients: Bool
        /// The beginning of all IDs, which tells this site's from those of other processes.
        private let prefix = randomBytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        private let count = Atomic<UInt64>(0)

        init(trustsClients: Bool) { self.trustsClients = trustsClients }

        func enter(_ scope: inout Scope) -> Endpoint? {
            // Log lines about a socket name its path and peer.
            guard scope.type == .http else { return nil }
            scope[RequestID.self] =
                given(scope) ?? RequestID(prefix, count.wrappingAdd(1, ordering: .relaxed).newValue)
            return nil
        }

        func finish(_ response: inout Response, _ scope: Scope) {
            if let id = scope[RequestID.self] { response.headers["x-request-id"] = id.text }
        }

        private func given(_ scope: Scope) -> RequestID? {
            guard trustsClients, let id = scope.headers["x-request-id"], (1...128).contains(id.utf8.count),
                id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { return nil }
            return RequestID(text: id)
        }
    }
}

/// The ID of a request.
private struct RequestID {
    let text: String

    init(text: String) { self.text = text }

    /// 32 hexadecimal digits: an ID is no secret, so a random prefix and a number will do.
    init(_ prefix: UInt64, _ number: UInt64) {
        text = unsafe String(unsafeUninitializedCapacity: 32) { digits in
            // SAFETY: 32 digits were asked room for, and each index is below 32.
            for index in 0..<16 {
                unsafe digits[index] = Self.digit(prefix, index)
                unsafe digits[16 + index] = Self.digit(number, index)
            }
            return 32
        }
    }

    /// The digit at `index` of 16, the first one being the highest.
    private static func digit(_ number: UInt64, _ index: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 0xF
        return value < 10 ? 0x30 + value : 0x57 + value
    }
}

extension Scope {
    /// The ID that ``/StraitWeb/RequestIDMiddleware`` assigned the request; nil without one.
    public var requestID: String? { self[RequestID.self]?.text }
}
