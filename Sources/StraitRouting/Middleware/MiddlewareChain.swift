package import StraitHTTP

/// Middleware that consists of one stage. Servers, routers and middleware lists join stages into a ``MiddlewareChain``
/// once; see ``Application/joined``.
package protocol StagedMiddleware: Middleware {
    var stage: any MiddlewareStage { get }
}

extension StagedMiddleware {
    /// Resolves `scope` through a chain of this stage alone.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        try await MiddlewareChain([stage], inner, patterns: []).resolve(scope)
    }

    /// Resolves `scope` through a chain of this stage alone, without waiting.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        try MiddlewareChain([stage], inner, patterns: []).resolveNow(scope)
    }
}

extension Application {
    /// This application. A stage and the stages directly inside it are joined into one chain. Chains are built when the
    /// site is composed, so that each request passes through only one.
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
    private let hooks: [StageHooks]
    /// The indices of the stages that finish responses, the innermost first.
    private let finishing: [Int]

    package init(_ stages: [any MiddlewareStage], _ inner: any Application, patterns: [URLPattern]) {
        self.stages = stages
        self.inner = inner
        urlPatterns = patterns
        hooks = stages.map(\.hooks)
        finishing = stages.indices.reversed().filter { stages[$0].hooks.contains(.finish) }
    }

    /// Creates a chain with the stage of `middleware` around `application`. If `application` is a chain, the stage is
    /// added to its stages.
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

    private func resolveNow(_ scope: inout Scope, from start: Int) throws -> ImmediateResolution {
        var passage = Passage(start)
        do {
            if try !enter(&scope, &passage) {
                switch try inner.resolveNow(scope) {
                case .resolved(let found): passage.resolution = passed(found, below: stages.count)
                case .waits: return .waits
                }
            }
        } catch {
            passage.failure = error
        }
        while passage.index > start {
            passage.index -= 1
            if let alternative = alternative(to: scope, passage) {
                do {
                    var other = alternative
                    switch try resolveNow(&other, from: passage.index + 1) {
                    case .resolved(let found): answer(scope, found, &passage)
                    case .waits: return .waits
                    }
                } catch {
                    passage.failure = error
                }
            }
            leave(scope, &passage)
        }
        return .resolved(try passage.outcome())
    }

    private func resolve(_ scope: inout Scope, from start: Int) async throws -> Resolution? {
        var passage = Passage(start)
        do {
            if try !enter(&scope, &passage) {
                passage.resolution = passed(try await inner.resolve(scope), below: stages.count)
            }
        } catch {
            passage.failure = error
        }
        while passage.index > start {
            passage.index -= 1
            if let alternative = alternative(to: scope, passage) {
                do {
                    var other = alternative
                    answer(scope, try await resolve(&other, from: passage.index + 1), &passage)
                } catch {
                    passage.failure = error
                }
            }
            leave(scope, &passage)
        }
        return try passage.outcome()
    }

    // MARK: Passing through the stages

    /// The state of a scope on its way in and out through the stages.
    private struct Passage {
        /// The current stage. On the way in, all stages before it have been entered.
        var index: Int
        var resolution: Resolution?
        var failure: (any Error)?

        init(_ start: Int) { index = start }

        consuming func outcome() throws -> Resolution? {
            if let failure { throw failure }
            return resolution
        }
    }

    /// Enters the stages, the outermost first. Stops and returns true if a stage answers.
    private func enter(_ scope: inout Scope, _ passage: inout Passage) throws -> Bool {
        while passage.index < stages.count {
            let index = passage.index
            if hooks[index].contains(.enter), let endpoint = try stages[index].enter(&scope) {
                passage.resolution = answered(scope, endpoint, below: index + 1)
                return true
            }
            passage.index += 1
        }
        return false
    }

    /// Returns another scope to route on the way out. Returns nil if the stage has none, or if routing has succeeded or
    /// thrown.
    private func alternative(to scope: Scope, _ passage: borrowing Passage) -> Scope? {
        guard hooks[passage.index].contains(.alternative), passage.resolution == nil, passage.failure == nil else {
            return nil
        }
        return stages[passage.index].alternative(to: scope)
    }

    /// Answers a scope whose alternative resolved to `found`.
    private func answer(_ scope: Scope, _ found: Resolution?, _ passage: inout Passage) {
        guard let found, let answer = stages[passage.index].answer(scope, whoseAlternativeLedTo: found) else { return }
        passage.resolution = answered(scope, answer, below: passage.index + 1)
    }

    /// Leaves a stage on the way out. The stage may answer an error of an inner stage or of routing.
    private func leave(_ scope: Scope, _ passage: inout Passage) {
        let index = passage.index
        if let error = passage.failure {
            guard let recovered = passed(stages[index].recover(from: error, scope), below: index + 1) else { return }
            passage.failure = nil
            passage.resolution = recovered
        }
        guard hooks[index].contains(.leave) else { return }
        do {
            try stages[index].leave(&passage.resolution, scope)
            // Pass ownership: changing parts that are still shared would copy them.
            passage.resolution = passed(passage.resolution.take(), below: index + 1)
        } catch {
            passage.failure = error
        }
    }

    private func answered(_ scope: Scope, _ endpoint: Endpoint, below index: Int) -> Resolution {
        var resolution = Resolution(scope: scope, endpoint: endpoint)
        resolution.pass(through: self, below: index)
        return resolution
    }

    /// Returns `resolution`, changed so that the stages below `index` finish its responses. If stages of this chain
    /// finish them already, it is returned unchanged.
    ///
    /// The parameter is consumed because changing parts that the caller still shares would copy them.
    private func passed(_ resolution: consuming Resolution?, below index: Int) -> Resolution? {
        if resolution?.passes(through: self) == false { resolution?.pass(through: self, below: index) }
        return resolution
    }

    /// Answers an error of the handler with the innermost stage below `end` that can.
    func answer(to error: any Error, _ request: Request, below end: Int) -> Response? {
        for index in (0..<end).reversed() {
            if let answer = stages[index].answer(to: error, request) { return answer }
        }
        return nil
    }

    /// Makes the stages below `end` finish a response, the innermost first.
    func finish(_ response: inout Response, _ scope: Scope, below end: Int) throws {
        for index in finishing where index < end { try stages[index].finish(&response, scope) }
    }
}
