extension Settings {
    /// The settings with which the server does not start: values that cannot be used, and without ``debug`` unsafe ones.
    public var errors: [SettingsProblem] {
        var found: [SettingsProblem] = []
        func error(_ setting: String, _ text: String, _ hint: String, _ id: String) {
            found.append(
                SettingsProblem(
                    level: .error, setting: setting, text: text, hint: hint, id: id, place: places[setting]))
        }
        if csrfCookieSameSite == "None", !csrfCookieSecure, !debug {
            error(
                "CSRF_COOKIE_SAMESITE", "'None' is refused by browsers for a cookie that is not secure.",
                "Set CSRF_COOKIE_SECURE=true.", "strait.E001")
        }
        if secureHSTSPreload || secureHSTSIncludeSubdomains, secureHSTSSeconds == 0, !debug {
            error(
                "SECURE_HSTS_SECONDS",
                "It is 0, so that SECURE_HSTS_PRELOAD and SECURE_HSTS_INCLUDE_SUBDOMAINS do nothing.",
                "Give it a number of seconds, such as 31536000, or take those away.", "strait.E002")
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
                "ALLOWED_HOSTS", "It is empty, so that no request could be answered.",
                "Give it the names of the site, such as ALLOWED_HOSTS=example.com; or set DEBUG=true on your own machine.",
                "security.W020")
        }
        return found
    }

    /// The settings that should be others in production, with ``errors`` and ``warnings``. Django's `check --deploy`.
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
        warn(debug, "DEBUG", "It is on: errors show the program's insides.", "Set DEBUG=false.", "security.W018")
        for key in secretKeyFallbacks {
            let text = Self.weakness(of: key)
            warn(
                text != nil, "SECRET_KEY_FALLBACKS", text ?? "", "Take it away as soon as nobody needs it.",
                "security.W025")
        }
        warn(
            allowedHosts.contains("*"), "ALLOWED_HOSTS",
            "'*' allows every name, so that links can be made to name others.",
            "Give it the names of the site.", "strait.W001")
        warn(
            !secureSSLRedirect, "SECURE_SSL_REDIRECT", "Plain requests are answered.",
            "Set it to true, unless what is in front redirects already.", "security.W008")
        warn(
            secureHSTSSeconds == 0, "SECURE_HSTS_SECONDS", "Browsers are not told to use nothing but HTTPS.",
            "Give it a number of seconds: a small one first, 31536000 when all works.", "security.W004")
        warn(
            secureHSTSSeconds > 0 && !secureHSTSIncludeSubdomains, "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            "Names beneath the site's are not told to use HTTPS.", "Set it to true where all of them have it.",
            "security.W005")
        warn(
            secureHSTSSeconds > 0 && !secureHSTSPreload, "SECURE_HSTS_PRELOAD",
            "The site cannot be put into browsers' own lists.", "Set it to true where that is wanted.", "security.W021")
        warn(
            !secureContentTypeNosniff, "SECURE_CONTENT_TYPE_NOSNIFF", "Browsers guess what files are.",
            "Set it to true.", "security.W006")
        warn(
            secureReferrerPolicy == nil, "SECURE_REFERRER_POLICY",
            "Other sites are told where their visitors come from.",
            "Set it to same-origin.", "security.W022")
        warn(
            xFrameOptions != "DENY", "X_FRAME_OPTIONS", "Pages can be shown in frames.",
            "Set it to DENY, unless the site shows itself in frames.", "security.W019")
        warn(
            !csrfCookieSecure, "CSRF_COOKIE_SECURE",
            "The cookie against forged requests is sent without encryption, too.",
            "Set it to true.", "security.W016")
        return found
    }

    private static let keyCommand = "head -c 48 /dev/urandom | base64"

    /// The reason why `key` is easy to guess, in a sentence; nil if it is not. Django's `security.W009`.
    static func weakness(of key: String) -> String? {
        if key.isEmpty { return "It is missing." }
        if key.hasPrefix("django-insecure-") || key.hasPrefix("insecure-") {
            return "It was made for somebody's own machine, as its beginning says."
        }
        if key.count < 50 { return "It has \(key.count) characters, which can be guessed." }
        if Set(key).count < 5 { return "It has fewer than 5 different characters, which can be guessed." }
        return nil
    }
}
