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
        guard var resolution = try await inner.resolve(scope) else { return nil }
        try resolution.changeResponse { $0.headers["x-request-id"] = id }
        return resolution
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
    private static let prefix = randomBytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    private static let count = Atomic<UInt64>(0)

    /// 32 hexadecimal digits: a name is no secret, so that the half of them counts.
    static func next() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return unsafe String(unsafeUninitializedCapacity: 32) { digits in
            // Sound: 32 digits were asked room for, and each index is below 32.
            for index in 0..<16 {
                unsafe digits[index] = digit(prefix, index)
                unsafe digits[16 + index] = digit(number, index)
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
    /// The name that ``/StraitWeb/RequestIDMiddleware`` gave the request; nil outside of one.
    public var requestID: String? { self[RequestID.self] }
}
