/// A place in a ``Scope`` for a value of a middleware's own: a session, a user, a tenant.
///
/// ```swift
/// enum TenantKey: ScopeKey { static var defaultValue: String? { nil } }
/// scope[TenantKey.self] = "acme"
/// ```
public protocol ScopeKey {
    associatedtype Value: Sendable
    /// What a scope holds where nothing was stored.
    static var defaultValue: Value { get }
}
