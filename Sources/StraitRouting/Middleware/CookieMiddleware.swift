/// Middleware that parses the cookies once and stores them in the scope; Channels' `CookieMiddleware`. Without it, each
/// access of ``Scope/cookies`` parses the header again.
public struct CookieMiddleware: StagedMiddleware {
    /// The application that gets the scope with the cookies.
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .enter

        func enter(_ scope: inout Scope) -> Endpoint? {
            if !scope.keepsCookies { scope.cookies = scope.cookies }
            return nil
        }
    }
}
