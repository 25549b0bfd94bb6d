public import StraitRouting
public import StraitTemplates

/// A token is asked for where nothing would check it.
public struct NoCSRFMiddleware: Error, Hashable, CustomStringConvertible {
    /// What to do about it.
    public var description: String {
        "There is no CSRF token here: put a CSRFViewMiddleware around the routes, outside of whoever asks for it."
    }
}

extension Request {
    /// The token of a page's form, another each time; Django's `get_token`. The response sets the browser's cookie and
    /// says that it depends on it (`Vary: Cookie`), so ask before the response begins.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside of a ``/StraitWeb/CSRFViewMiddleware``.
    public var csrfToken: String {
        get throws(NoCSRFMiddleware) { try csrf.token() }
    }

    /// The hidden field with the token, for a form that posts here; Django's `{% csrf_token %}`. It stands first in the
    /// form, before any file.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside of a ``/StraitWeb/CSRFViewMiddleware``.
    public var csrfInput: SafeString {
        get throws(NoCSRFMiddleware) {
            SafeString("<input type=\"hidden\" name=\"\(CSRFSettings.fieldName)\" value=\"\(try csrfToken)\">")
        }
    }

    /// Gives the browser another secret: to be called when somebody logs in; Django's `rotate_token`. The tokens of
    /// pages that were loaded before are worth nothing from then on.
    ///
    /// - Throws: ``/StraitWeb/NoCSRFMiddleware`` outside of a ``/StraitWeb/CSRFViewMiddleware``.
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
