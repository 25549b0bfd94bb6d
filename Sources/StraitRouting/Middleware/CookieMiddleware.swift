/// Reads the request's cookies once and keeps them for those within; Channels' `CookieMiddleware`. ``Scope/cookies`` has
/// them in any case.
public struct CookieMiddleware: StagedMiddleware {
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

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
