public import StraitHTTP
public import StraitRouting

/// The reason why a request failed the CSRF check, in Django's words. It is answered with 403.
public struct CSRFFailure: HTTPStatusError, Hashable {
    /// Django's reason.
    public let reason: String
    /// Advice on how to avoid the failure.
    public let advice: String
    /// The response's status: 403.
    public var status: HTTPStatus { .forbidden }
    /// The failure, the reason and the advice.
    public var description: String { "CSRF verification failed. \(reason) \(advice)" }

    private init(_ reason: String, _ advice: String) {
        self.reason = reason
        self.advice = advice
    }

    private static let tokenAdvice =
        "Put the hidden field csrfmiddlewaretoken into the form, before any file, or send the token in the header "
        + "X-CSRFToken. After a login, reload the page: its token is new."
    private static let siteAdvice = "Add the page's origin to CSRF_TRUSTED_ORIGINS if its forms may post here."

    static func origin(_ origin: String) -> CSRFFailure {
        CSRFFailure("Origin checking failed - \(origin) does not match any trusted origins.", siteAdvice)
    }
    static let noReferer = CSRFFailure(
        "Referer checking failed - no Referer.",
        """
        Over HTTPS a browser has to send Origin or Referer: do not disable them with a Referrer-Policy of no-referrer.
        """
    )
    static let malformedReferer = CSRFFailure("Referer checking failed - Referer is malformed.", siteAdvice)
    static let insecureReferer = CSRFFailure(
        "Referer checking failed - Referer is insecure while host is secure.", "Serve the page over HTTPS too.")
    static func referer(_ url: String) -> CSRFFailure {
        CSRFFailure("Referer checking failed - \(url) does not match any trusted origins.", siteAdvice)
    }
    static let noCookie = CSRFFailure(
        "CSRF cookie not set.", "Allow cookies for this site, and reload the form's page before you submit it.")
    static func cookie(_ fault: CSRFToken.Fault) -> CSRFFailure {
        CSRFFailure("CSRF cookie \(fault.rawValue).", "Reload the form's page: it sets a new cookie.")
    }
    static let noToken = CSRFFailure("CSRF token missing.", tokenAdvice)
    static func token(from source: String, _ fault: String) -> CSRFFailure {
        CSRFFailure("CSRF token from \(source) \(fault).", tokenAdvice)
    }
}
