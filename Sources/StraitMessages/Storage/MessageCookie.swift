internal import FoundationEssentials
internal import StraitCore
internal import StraitHTTP
internal import StraitWeb

/// The signed cookie with messages; Django's `CookieStorage`.
struct MessageCookie: Sendable {
    static let name = "messages"
    /// The maximum size of a written value, in bytes. Other cookies and headers need room too.
    static let limit = 2048
    /// The maximum size of a value that is read, in bytes. Browsers keep no larger cookies.
    static let readLimit = 4096
    private let signer: TimestampSigner
    private let settings: Settings

    init(_ settings: Settings, now: @escaping @Sendable () -> Date = { Date() }) {
        let prefix = "django.http.cookies"
        self.settings = settings
        signer = TimestampSigner(
            key: prefix + settings.secretKey, fallbackKeys: settings.secretKeyFallbacks.map { prefix + $0 },
            salt: "django.contrib.messages", now: now)
    }

    /// Reads a cookie. Returns nil if it was not signed by the site, or is not a list of messages.
    func read(_ value: String) -> (messages: [FlashMessage], isFinished: Bool)? {
        guard value.utf8.count <= Self.readLimit, let json = try? signer.unsignJSON(from: value) else { return nil }
        return MessageText.read(json)
    }

    /// Returns the cookie for the messages that fit into it, and the others.
    ///
    /// - Parameter dropsOldest: Whether to keep the last messages instead of the first.
    func write(
        _ messages: [FlashMessage], dropsOldest: Bool
    ) throws -> (value: String?, others: [FlashMessage]) {
        if messages.isEmpty { return (nil, []) }
        let parts = messages.map { MessageText.json($0) }
        let whole = try sign(parts[...], isFinished: true)
        if whole.utf8.count <= Self.limit { return (whole, []) }
        func isTooLarge(_ parts: ArraySlice<Bytes>) throws -> Bool {
            try sign(parts, isFinished: false).utf8.count > Self.limit
        }
        var (low, high) = (0, parts.count)
        while low < high {
            let middle = (low + high) / 2
            let isLarge = try isTooLarge(dropsOldest ? parts[middle...] : parts[...middle])
            if isLarge == dropsOldest { low = middle + 1 } else { high = middle }
        }
        let kept = dropsOldest ? parts[low...] : parts[..<low]
        let others = dropsOldest ? messages[..<low] : messages[low...]
        return (try sign(kept, isFinished: false), Array(others))
    }

    private func sign(_ parts: ArraySlice<Bytes>, isFinished: Bool) throws -> String {
        try signer.sign(json: MessageText.list(parts, isFinished: isFinished), compress: true)
    }

    /// Returns the `Set-Cookie` header for a value, or the one that deletes the cookie.
    func setCookie(_ value: String?) -> SetCookie {
        let sameSite = SetCookie.SameSite(rawValue: settings.sessionCookieSameSite)
        guard let value else {
            return SetCookie(
                Self.name, "", maxAge: 0, expires: HTTPDate(secondsSinceEpoch: 0),
                domain: settings.sessionCookieDomain, secure: settings.sessionCookieSecure, sameSite: sameSite)
        }
        return SetCookie(
            Self.name, value, domain: settings.sessionCookieDomain, secure: settings.sessionCookieSecure,
            httpOnly: settings.sessionCookieHTTPOnly, sameSite: sameSite)
    }
}
