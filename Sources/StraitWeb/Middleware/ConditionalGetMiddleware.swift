internal import StraitCore
internal import StraitCrypto
package import StraitHTTP
public import StraitRouting

/// Middleware that answers 304 if the client's copy of a page is current, according to `ETag` or `Last-Modified`.
/// Django's `ConditionalGetMiddleware`.
///
/// It adds an `ETag`, a hash of the body, to pages without one. It adds none to streams, files, responses with a status
/// other than 200, and responses with `Cache-Control: no-store`. The page is still rendered: only its transfer is
/// saved.
///
/// Put `GZipMiddleware` outside this middleware. It makes the tag of a compressed response weak, as its compressed
/// bytes differ each time.
///
/// ```swift
/// var middleware: MiddlewareList {
///     .standard
///         .inserting(GZipMiddleware.init, after: SecurityMiddleware.self)
///         .inserting(ConditionalGetMiddleware.init, after: GZipMiddleware.self)
/// }
/// ```
public struct ConditionalGetMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    /// Wraps `inner` in this middleware.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .finish

        func finish(_ response: inout Response, _ scope: Scope) {
            // Other methods have taken effect already, so their conditions can no longer be checked.
            guard scope.type == .http, scope.method == .get || scope.method == .head else { return }
            response = ConditionalGetMiddleware.tagged(response).unlessKnown(to: scope)
        }
    }

    private static func tagged(_ original: Response) -> Response {
        guard case .bytes(let bytes) = original.body, original.status == .ok, original.headers["etag"] == nil,
            !original.headers.list("cache-control", contains: "no-store")
        else { return original }
        var response = original
        // Half of the digest is enough to distinguish pages.
        let hash = SHA256.hash(bytes.span).prefix(16).hexadecimal
        response.headers["etag"] = EntityTag(hash)?.description
        return response
    }
}

extension Response {
    /// Returns this response, or 304 or 412 if the request's conditions require it (RFC 9110 §13). Django's
    /// `get_conditional_response`.
    ///
    /// The conditions are compared with `ETag` or `Last-Modified`. A file is compared later, when it is opened.
    func unlessKnown(to request: Scope) -> Response {
        if case .file = body { return self }
        guard status == .ok, headers["etag"] != nil || headers["last-modified"] != nil else { return self }
        return ConditionalAnswer(self, size: nil, to: request.method, request.headers).response
    }
}

extension HTTPFields {
    /// Adds `name` to `Vary`: the response depends on that request header (RFC 9110 §12.5.5). Django's
    /// `patch_vary_headers`.
    package mutating func addVary(_ name: String) {
        guard !list("vary", contains: name), !list("vary", contains: "*") else { return }
        let known = values(of: "vary").joined(separator: ", ")
        self["vary"] = known.isEmpty ? name : known + ", " + name
    }
}
