internal import StraitHTTP

extension FormLimits {
    /// Creates the limits that `settings` give.
    init(_ settings: Settings) {
        self.init()
        parts.fields = settings.dataUploadMaxNumberFields
        parts.files = settings.dataUploadMaxNumberFiles
        parts.fieldBytes = settings.dataUploadMaxMemorySize
        memory = settings.fileUploadMaxMemorySize
        temporaryFolder = settings.fileUploadTemporaryFolder
    }
}

extension CSRFSettings {
    /// Creates the protection against forged requests that `settings` describe.
    init(_ settings: Settings) {
        self.init()
        trustedOrigins = settings.csrfTrustedOrigins
        cookieName = settings.csrfCookieName
        cookieAge = settings.csrfCookieAge == 0 ? nil : settings.csrfCookieAge
        cookieDomain = settings.csrfCookieDomain
        cookiePath = settings.csrfCookiePath
        cookieSecure = settings.csrfCookieSecure
        cookieHTTPOnly = settings.csrfCookieHTTPOnly
        cookieSameSite = SetCookie.SameSite(rawValue: settings.csrfCookieSameSite)
        headerName = settings.csrfHeaderName
        limits = FormLimits(settings)
        treatsLoopbackAsOneHost = settings.debug
    }
}
