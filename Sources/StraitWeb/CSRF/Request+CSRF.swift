public import StraitRouting
public import StraitTemplates

/// The error for a use of the CSRF token outside a ``CSRFViewMiddleware``, which would check it.
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

    private var csrf: CSRFState {
        get throws(NoCSRFMiddleware) {
            guard let state = scope.csrf else { throw NoCSRFMiddleware() }
            return state
        }
    }
}
