extension Settings {
    /// The problems that prevent the server from starting: unusable values and, without ``debug``, unsafe ones.
    public var errors: [SettingsProblem] {
        var found: [SettingsProblem] = []
        func error(_ setting: String, _ text: String, _ hint: String, _ id: String) {
            found.append(
                SettingsProblem(
                    level: .error, setting: setting, text: text, hint: hint, id: id, place: places[setting]))
        }
        for (name, sameSite, isSecure) in [
            ("CSRF", csrfCookieSameSite, csrfCookieSecure), ("SESSION", sessionCookieSameSite, sessionCookieSecure),
        ] where sameSite == "None" && !isSecure && !debug {
            error(
                "\(name)_COOKIE_SAMESITE", "Browsers reject 'None' for a cookie that is not secure.",
                "Set \(name)_COOKIE_SECURE=true.", "strait.E001")
        }
        if secureHSTSPreload || secureHSTSIncludeSubdomains, secureHSTSSeconds == 0, !debug {
            error(
                "SECURE_HSTS_SECONDS",
                "It is 0, so SECURE_HSTS_PRELOAD and SECURE_HSTS_INCLUDE_SUBDOMAINS have no effect.",
                "Give it a number of seconds, such as 31536000, or unset those two.", "strait.E002")
        }
        found = valueErrors + found
        if debug { return found }
        if let text = Self.weakness(of: secretKey) {
            error(
                "SECRET_KEY", text, "Give it at least 50 random characters, as '\(Self.keyCommand)' prints.",
                "security.W009")
        }
        if allowedHosts.isEmpty {
            error(
                "ALLOWED_HOSTS", "It is empty, so every request would be rejected.",
                """
                Give it the host names of the site, such as ALLOWED_HOSTS=example.com; or set DEBUG=true on your own \
                machine.
                """,
                "security.W020")
        }
        return found
    }

    /// The settings to change for production, with ``errors`` and ``warnings``. Django's `check --deploy`.
    public var deploymentProblems: [SettingsProblem] {
        var settings = self
        settings.debug = false
        var found = settings.errors + warnings
        func warn(_ condition: Bool, _ setting: String, _ text: String, _ hint: String, _ id: String) {
            if condition {
                found.append(
                    SettingsProblem(
                        level: .warning, setting: setting, text: text, hint: hint, id: id, place: places[setting]))
            }
        }
        warn(debug, "DEBUG", "It is on: error pages show the program's internals.", "Set DEBUG=false.", "security.W018")
        for key in secretKeyFallbacks {
            let text = Self.weakness(of: key)
            warn(
                text != nil, "SECRET_KEY_FALLBACKS", text ?? "", "Remove it when no signature made with it is in use.",
                "security.W025")
        }
        warn(
            allowedHosts.contains("*"), "ALLOWED_HOSTS",
            "'*' allows every host name, so a client can make the site's links point elsewhere.",
            "Give it the host names of the site.", "strait.W001")
        warn(
            !secureSSLRedirect, "SECURE_SSL_REDIRECT", "Requests over plain HTTP are answered.",
            "Set it to true, unless the proxy in front redirects already.", "security.W008")
        warn(
            secureHSTSSeconds == 0, "SECURE_HSTS_SECONDS", "Browsers are not told to use only HTTPS.",
            "Give it a number of seconds: a small one first, 31536000 when everything works.", "security.W004")
        warn(
            secureHSTSSeconds > 0 && !secureHSTSIncludeSubdomains, "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            "Browsers are not told to use HTTPS for subdomains.", "Set it to true if all of them have HTTPS.",
            "security.W005")
        warn(
            secureHSTSSeconds > 0 && !secureHSTSPreload, "SECURE_HSTS_PRELOAD",
            "The site cannot be added to browsers' preload lists.", "Set it to true if you want that.", "security.W021")
        warn(
            !secureContentTypeNosniff, "SECURE_CONTENT_TYPE_NOSNIFF", "Browsers guess the types of files.",
            "Set it to true.", "security.W006")
        warn(
            secureReferrerPolicy == nil, "SECURE_REFERRER_POLICY",
            "Browsers tell other sites which page a visitor comes from.",
            "Set it to same-origin.", "security.W022")
        warn(
            xFrameOptions != "DENY", "X_FRAME_OPTIONS", "Pages can be shown in frames.",
            "Set it to DENY, unless the site shows itself in frames.", "security.W019")
        warn(
            !csrfCookieSecure, "CSRF_COOKIE_SECURE",
            "The CSRF cookie is also sent over plain HTTP.",
            "Set it to true.", "security.W016")
        return found
    }

    private static let keyCommand = "head -c 48 /dev/urandom | base64"

    /// Returns a sentence that says why `key` is easy to guess; nil if it is not. Django's `security.W009`.
    static func weakness(of key: String) -> String? {
        if key.isEmpty { return "It is missing." }
        if key.hasPrefix("django-insecure-") || key.hasPrefix("insecure-") {
            return "Its prefix says that it was generated for development."
        }
        if key.count < 50 { return "It has \(key.count) characters, which can be guessed." }
        if Set(key).count < 5 { return "It has fewer than 5 different characters, which can be guessed." }
        return nil
    }
}

/// A setting that is unusable, or that should have another value in production: one line of `check --deploy`.
public struct SettingsProblem: Hashable, Sendable {
    /// The severity of a problem.
    public enum Level: String, Sendable, Comparable {
        /// The site works, but not as intended.
        case warning
        /// The server does not start.
        case error

        /// Whether `left` is less severe: a warning is less severe than an error.
        public static func < (left: Level, right: Level) -> Bool { left == .warning && right == .error }
    }

    /// The severity.
    public let level: Level
    /// The setting's name.
    public let setting: String
    /// The problem, in a sentence.
    public let text: String
    /// The remedy, in a sentence.
    public let hint: String
    /// Django's ID of the same check, such as `security.W004`, or one of Strait's.
    public let id: String
    /// The line of a file that gives the value, such as `settings.env: line 3`; nil if no file does.
    public let line: String?

    /// Whether the problem is that static files, uploaded files or templates share a folder.
    package var isOfOverlap: Bool { id == "staticfiles.E002" || id == "strait.E013" }

    package init(
        level: Level, setting: String, text: String, hint: String, id: String, place: SettingPlace? = nil
    ) {
        self.level = level
        self.setting = setting
        self.text = text
        self.hint = hint
        self.id = id
        line = if case .file = place { place?.description } else { nil }
    }
}

extension SettingsProblem: CustomStringConvertible {
    /// The setting, the problem, the remedy, the ID, and the line of a file if there is one.
    public var description: String {
        "\(setting): \(text) \(hint) (\(id)\(line.map { "; \($0)" } ?? ""))"
    }
}
