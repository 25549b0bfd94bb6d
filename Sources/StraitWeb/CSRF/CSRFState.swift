public import StraitHTTP
import StraitRouting
public import StraitText
internal import Synchronization

/// The CSRF secret of one request, and whether to set its cookie. Django keeps both in `request.META`.
///
/// Each request's scope has one state, shared by all copies of that scope. It is read from the cookies on first use.
final class CSRFState: Sendable {
    private struct Contents: Sendable {
        let cookie: String?
        var secret: String?
        var isToBeSet = false
        var generator: any RandomNumberGenerator & Sendable
    }

    let protection: CSRFProtection
    private let headers: HTTPFields
    private let contents = Mutex<Contents?>(nil)

    init(_ protection: CSRFProtection, _ headers: HTTPFields) {
        self.protection = protection
        self.headers = headers
    }

    private func with<Result>(_ body: (inout Contents) -> Result) -> Result {
        contents.withLock { contents in
            var known = contents ?? read()
            defer { contents = known }
            return body(&known)
        }
    }

    /// Reads the secret from the cookie. A malformed cookie is replaced.
    private func read() -> Contents {
        let cookie = Scope.cookies(in: headers)[protection.settings.cookieName]
        let secret = cookie.flatMap(CSRFToken.secret)
        var contents = Contents(cookie: cookie, secret: secret, generator: protection.generator)
        if cookie != nil, secret == nil { Self.rotate(&contents) }
        return contents
    }

    /// The cookie's value as received.
    var cookie: String? { with { $0.cookie } }

    /// Returns a token for a page. Django's `get_token`. The response sets the cookie again, which restarts its
    /// lifetime.
    func token() -> String {
        with { contents in
            let secret = contents.secret ?? CSRFToken.makeSecret(using: &contents.generator)
            contents.secret = secret
            contents.isToBeSet = true
            return CSRFToken.mask(secret, using: &contents.generator)
        }
    }

    /// Replaces the secret. Django's `rotate_token`.
    func rotate() { with { Self.rotate(&$0) } }

    private static func rotate(_ contents: inout Contents) {
        contents.secret = CSRFToken.makeSecret(using: &contents.generator)
        contents.isToBeSet = true
    }

    /// Adds the cookie to `response` if it has to be set, once.
    func apply(to response: inout Response) throws(HTTPFieldError) {
        // Without cookies in the request, there is nothing to do unless the state was used.
        if contents.withLock({ $0 == nil }), !headers.contains("cookie") { return }
        let secret: String? = with { contents in
            defer { contents.isToBeSet = false }
            return contents.isToBeSet ? contents.secret : nil
        }
        guard let secret else { return }
        let settings = protection.settings
        try response.setCookie(
            SetCookie(
                settings.cookieName, secret, maxAge: settings.cookieAge, domain: settings.cookieDomain,
                path: settings.cookiePath, secure: settings.cookieSecure, httpOnly: settings.cookieHTTPOnly,
                sameSite: settings.cookieSameSite))
        response.headers.addVary("Cookie")
    }
}

extension Scope {
    /// The state of this scope's request; nil outside a ``CSRFViewMiddleware``.
    var csrf: CSRFState? {
        get {
            // SAFETY: `protection` is only ever set by this property, to a `CSRFState`.
            protection.map { unsafe unsafeDowncast($0, to: CSRFState.self) }
        }
        set { protection = newValue }
    }
}

/// An error thrown when the CSRF token is used outside a ``CSRFViewMiddleware``, so that nothing would check it.
public struct NoCSRFMiddleware: Error, Hashable, CustomStringConvertible {
    /// The remedy.
    public var description: String {
        "There is no CSRF token here: put a CSRFViewMiddleware around the routes, outside the code that uses it."
    }
}

extension Request {
    /// A token for a form of the page, a different one each time. Django's `get_token`.
    ///
    /// The response sets the cookie and `Vary: Cookie`, so read the token before the response begins.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside a ``/StraitWeb/CSRFViewMiddleware``.
    public var csrfToken: String {
        get throws(NoCSRFMiddleware) { try csrf.token() }
    }

    /// A hidden input with the token, for a form that posts to this site. Django's `{% csrf_token %}`. Put it first in
    /// the form, before any file.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside a ``/StraitWeb/CSRFViewMiddleware``.
    public var csrfInput: SafeString {
        get throws(NoCSRFMiddleware) {
            SafeString("<input type=\"hidden\" name=\"\(CSRFSettings.fieldName)\" value=\"\(try csrfToken)\">")
        }
    }

    /// Gives the browser a new secret, which makes all earlier tokens invalid. Django's `rotate_token`. Call it when a
    /// user logs in.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside a ``/StraitWeb/CSRFViewMiddleware``.
    public func rotateCSRFToken() throws(NoCSRFMiddleware) {
        try csrf.rotate()
    }

    /// Gives the browser a new secret, if a ``/StraitWeb/CSRFViewMiddleware`` checks tokens here.
    package func rotateCSRFTokenIfAny() { scope.csrf?.rotate() }

    private var csrf: CSRFState {
        get throws(NoCSRFMiddleware) {
            guard let state = scope.csrf else { throw NoCSRFMiddleware() }
            return state
        }
    }
}
