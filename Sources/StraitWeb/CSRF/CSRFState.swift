internal import StraitHTTP
internal import StraitRouting
internal import Synchronization

/// The secret of one request's browser, and whether its cookie is to be set: what Django keeps in `request.META`.
///
/// Each request's scope has one, so that whatever is made of that scope shares it. Nothing is read or made before somebody
/// asks.
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

    /// What the browser sent; a cookie that is malformed is replaced.
    private func read() -> Contents {
        let cookie = Scope.cookies(in: headers)[protection.settings.cookieName]
        let secret = cookie.flatMap(CSRFToken.secret)
        var contents = Contents(cookie: cookie, secret: secret, generator: protection.generator)
        if cookie != nil, secret == nil { Self.rotate(&contents) }
        return contents
    }

    /// The cookie as it came.
    var cookie: String? { with { $0.cookie } }

    /// A token for a page; Django's `get_token`. The cookie is set, or set again, so that its age begins anew.
    func token() -> String {
        with { contents in
            let secret = contents.secret ?? CSRFToken.makeSecret(using: &contents.generator)
            contents.secret = secret
            contents.isToBeSet = true
            return CSRFToken.mask(secret, using: &contents.generator)
        }
    }

    /// Another secret; Django's `rotate_token`.
    func rotate() { with { Self.rotate(&$0) } }

    private static func rotate(_ contents: inout Contents) {
        contents.secret = CSRFToken.makeSecret(using: &contents.generator)
        contents.isToBeSet = true
    }

    /// Puts the cookie into `response` where it is to be set; once.
    func apply(to response: inout Response) throws(HTTPFieldError) {
        // Of a request without cookies, nothing is to be said unless somebody asked.
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
    /// The state of this scope's request; nil outside of a ``CSRFViewMiddleware``.
    var csrf: CSRFState? {
        get {
            // SAFETY: nothing else is stored there.
            protection.map { unsafe unsafeDowncast($0, to: CSRFState.self) }
        }
        set { protection = newValue }
    }
}
