internal import StraitHTTP
internal import StraitRouting
internal import Synchronization

/// The secret of one request's browser, and whether its cookie is to be set: what Django keeps in `request.META`.
final class CSRFState: Sendable {
    private struct Contents: Sendable {
        var secret: String?
        var isToBeSet = false
        var generator: any RandomNumberGenerator & Sendable
    }

    private let contents: Mutex<Contents>
    /// The cookie as it came.
    let cookie: String?

    /// - Parameter cookie: The browser's cookie; one that is malformed is replaced.
    init(cookie: String?, generator: any RandomNumberGenerator & Sendable) {
        self.cookie = cookie
        contents = Mutex(Contents(secret: cookie.flatMap(CSRFToken.secret), generator: generator))
        if cookie != nil, contents.withLock({ $0.secret }) == nil { rotate() }
    }

    /// A token for a page; Django's `get_token`. The cookie is set, or set again, so that its age begins anew.
    func token() -> String {
        contents.withLock { contents in
            let secret = contents.secret ?? CSRFToken.makeSecret(using: &contents.generator)
            contents.secret = secret
            contents.isToBeSet = true
            return CSRFToken.mask(secret, using: &contents.generator)
        }
    }

    /// Another secret; Django's `rotate_token`.
    func rotate() {
        contents.withLock { contents in
            contents.secret = CSRFToken.makeSecret(using: &contents.generator)
            contents.isToBeSet = true
        }
    }

    /// Puts the cookie into `response` where it is to be set; once.
    func apply(to response: inout Response, _ settings: CSRFSettings) throws(HTTPFieldError) {
        let secret: String? = contents.withLock { contents in
            defer { contents.isToBeSet = false }
            return contents.isToBeSet ? contents.secret : nil
        }
        guard let secret else { return }
        try response.setCookie(
            SetCookie(
                settings.cookieName, secret, maxAge: settings.cookieAge, domain: settings.cookieDomain,
                path: settings.cookiePath, secure: settings.cookieSecure, httpOnly: settings.cookieHTTPOnly,
                sameSite: settings.cookieSameSite))
        response.headers.addVary("Cookie")
    }
}
