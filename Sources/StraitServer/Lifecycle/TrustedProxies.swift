public struct TrustedProxies: Sendable {
    public init() {}
}
