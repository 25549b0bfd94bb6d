internal import StraitCrypto
internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// Answers who has a page already that it is the same still (304), by the page's `ETag` or `Last-Modified`, and gives an
/// `ETag` to those that have none; Django's `ConditionalGetMiddleware`. The page is made all the same: what is saved is
/// its way to the client.
///
/// The tag is a hash of what is in the page. Responses with another status than 200, streams and files get none, nor do
/// those that nobody may keep (`Cache-Control: no-store`).
///
/// `GZipMiddleware` belongs around it: it makes the tag a weak one where it compresses, and what it compresses differs
/// each time.
///
/// ```swift
/// var middleware: MiddlewareList {
///     .standard
///         .inserting(GZipMiddleware.init, after: SecurityMiddleware.self)
///         .inserting(ConditionalGetMiddleware.init, after: GZipMiddleware.self)
/// }
/// ```
public struct ConditionalGetMiddleware: StagedMiddleware {
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    public init(_ inner: any Application) {
        self.inner = inner
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .finish

        func finish(_ response: inout Response, _ scope: Scope) {
            // Of a request that changes something it is too late to say that it should not have.
            guard scope.type == .http, scope.method == .get || scope.method == .head else { return }
            response = ConditionalGetMiddleware.tagged(response).unlessKnown(to: scope)
        }
    }

    private static func tagged(_ original: Response) -> Response {
        guard case .bytes(let bytes) = original.body, original.status == .ok, original.headers["etag"] == nil,
            !original.headers.list("cache-control", contains: "no-store")
        else { return original }
        var response = original
        // Half of the digits tell pages apart as well.
        let hash = SHA256.hash(bytes.span).prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        response.headers["etag"] = EntityTag(hash)?.description
        return response
    }
}
