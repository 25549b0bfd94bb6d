/// Middleware of the framework that never waits, side by side: one step for each, without a closure or a copy of the
/// scope between them.
package protocol MiddlewareStage: Sendable {
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

/// Middleware that is a stage. A server, a router and a middleware list make a ``MiddlewareChain`` of it once; see
/// ``Application/joined``.
package protocol StagedMiddleware: Middleware {
    var stage: any MiddlewareStage { get }
}

extension StagedMiddleware {
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        try await MiddlewareChain([stage], inner, patterns: []).resolve(scope)
    }

    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        try MiddlewareChain([stage], inner, patterns: []).resolveNow(scope)
    }
}

extension Application {
    /// This application, as a chain if it is a stage of the framework: together with the chain within, if it has one. So
    /// that a request meets one chain, which was made when the site was put together.
    package var joined: any Application {
        guard let staged = self as? any StagedMiddleware else { return self }
        return MiddlewareChain(around: staged.inner.joined, staged)
    }
}

/// Stages around an application, the outermost first.
package final class MiddlewareChain: Middleware {
    package let inner: any Application
    package let urlPatterns: [URLPattern]
    private let stages: [any MiddlewareStage]

    package init(_ stages: [any MiddlewareStage], _ inner: any Application, patterns: [URLPattern]) {
        self.stages = stages
        self.inner = inner
        urlPatterns = patterns
    }

    /// The stage of `middleware` around `application`; one more of a chain, if that is one.
    package convenience init(around application: any Application, _ middleware: some StagedMiddleware) {
        if let chain = application as? MiddlewareChain {
            self.init([middleware.stage] + chain.stages, chain.inner, patterns: middleware.urlPatterns)
        } else {
            self.init([middleware.stage], application, patterns: middleware.urlPatterns)
        }
    }

    package func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        var scope = scope
        return try resolveNow(&scope, from: 0)
    }

    package func resolve(_ scope: Scope) async throws -> Resolution? {
        var scope = scope
        return try await resolve(&scope, from: 0)
    }

    private func resolveNow(_ scope: inout Scope, from index: Int) throws -> ImmediateResolution {
        guard index < stages.count else {
            return switch try inner.resolveNow(scope) {
            case .resolved(let resolution): .resolved(passed(resolution, below: index))
            case .waits: .waits
            }
        }
        let stage = stages[index]
        if let answer = try stage.enter(&scope) { return .resolved(answered(scope, answer, below: index + 1)) }
        var resolution: Resolution?
        do {
            switch try resolveNow(&scope, from: index + 1) {
            case .resolved(let found): resolution = found
            case .waits: return .waits
            }
            if resolution == nil, var other = stage.alternative(to: scope) {
                switch try resolveNow(&other, from: index + 1) {
                case .resolved(let found): resolution = answer(scope, found, stage, below: index)
                case .waits: return .waits
                }
            }
        } catch {
            resolution = passed(stage.recover(from: error, scope), below: index + 1)
            if resolution == nil { throw error }
        }
        try stage.leave(&resolution, scope)
        return .resolved(passed(resolution, below: index + 1))
    }

    private func resolve(_ scope: inout Scope, from index: Int) async throws -> Resolution? {
        guard index < stages.count else { return passed(try await inner.resolve(scope), below: index) }
        let stage = stages[index]
        if let answer = try stage.enter(&scope) { return answered(scope, answer, below: index + 1) }
        var resolution: Resolution?
        do {
            resolution = try await resolve(&scope, from: index + 1)
            if resolution == nil, var other = stage.alternative(to: scope) {
                resolution = answer(scope, try await resolve(&other, from: index + 1), stage, below: index)
            }
        } catch {
            resolution = passed(stage.recover(from: error, scope), below: index + 1)
            if resolution == nil { throw error }
        }
        try stage.leave(&resolution, scope)
        return passed(resolution, below: index + 1)
    }

    private func answer(
        _ scope: Scope, _ found: Resolution?, _ stage: any MiddlewareStage, below index: Int
    ) -> Resolution? {
        guard let found, let answer = stage.answer(scope, whoseAlternativeLedTo: found) else { return nil }
        return answered(scope, answer, below: index + 1)
    }

    private func answered(_ scope: Scope, _ endpoint: Endpoint, below index: Int) -> Resolution {
        var resolution = Resolution(scope: scope, endpoint: endpoint)
        resolution.pass(through: self, below: index)
        return resolution
    }

    /// `resolution` with the stages below `index` to finish its responses, unless others of this chain are to already.
    ///
    /// It is consumed: a change of parts that the caller still shares would copy them.
    private func passed(_ resolution: consuming Resolution?, below index: Int) -> Resolution? {
        if resolution?.passes(through: self) == false { resolution?.pass(through: self, below: index) }
        return resolution
    }

    /// Answers an error of the handler with the innermost of the stages below `end` that can.
    func answer(to error: any Error, _ request: Request, below end: Int) -> Response? {
        for index in (0..<end).reversed() {
            if let answer = stages[index].answer(to: error, request) { return answer }
        }
        return nil
    }

    /// Lets the stages below `end` finish a response, the innermost first.
    func finish(_ response: inout Response, _ scope: Scope, below end: Int) throws {
        for index in (0..<end).reversed() { try stages[index].finish(&response, scope) }
    }
}
