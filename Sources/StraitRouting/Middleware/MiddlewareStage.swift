/// Middleware of the framework that never waits, side by side: one step for each, without a closure or a copy of the
/// scope between them.
package protocol MiddlewareStage: AnyObject, Sendable {
    /// The methods that the stage has. Others are not called.
    var hooks: StageHooks { get }

    /// Changes the scope before routing, or answers in place of everything within.
    func enter(_ scope: inout Scope) throws -> Endpoint?

    /// Answers an error of routing; nil to let it pass.
    func recover(from error: any Error, _ scope: Scope) -> Resolution?

    /// Answers an error of the handler; nil to let it pass.
    func answer(to error: any Error, _ request: Request) -> Response?

    /// Another scope to route if there is no route for this one; nil to leave it at that.
    func alternative(to scope: Scope) -> Scope?

    /// Answers a scope without a route whose ``alternative(to:)`` has one.
    func answer(_ scope: Scope, whoseAlternativeLedTo found: Resolution) -> Endpoint?

    /// Changes the resolution, which is nil if there is no route. Responses are changed in ``finish(_:_:)`` alone.
    func leave(_ resolution: inout Resolution?, _ scope: Scope) throws

    /// Changes a response, also a refusal's.
    func finish(_ response: inout Response, _ scope: Scope) throws
}

extension MiddlewareStage {
    package func enter(_ scope: inout Scope) throws -> Endpoint? { nil }
    package func recover(from error: any Error, _ scope: Scope) -> Resolution? { nil }
    package func answer(to error: any Error, _ request: Request) -> Response? { nil }
    package func alternative(to scope: Scope) -> Scope? { nil }
    package func answer(_ scope: Scope, whoseAlternativeLedTo found: Resolution) -> Endpoint? { nil }
    package func leave(_ resolution: inout Resolution?, _ scope: Scope) throws {}
    package func finish(_ response: inout Response, _ scope: Scope) throws {}
}

/// Methods of a ``MiddlewareStage``. Errors are passed to all stages.
package struct StageHooks: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let enter = StageHooks(rawValue: 1)
    package static let alternative = StageHooks(rawValue: 2)
    package static let leave = StageHooks(rawValue: 4)
    package static let finish = StageHooks(rawValue: 8)
}
