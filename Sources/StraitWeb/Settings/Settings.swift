internal import StraitCore

/// A site's configuration, under Django's names.
///
/// A site sets its own values in Swift. The file `settings.env` overrides them, and the environment overrides both.
/// One program can then run on a laptop and in production:
///
/// ```swift
/// var settings: Settings {
///     var settings = Settings()
///     settings.staticURL = "/assets/"
///     return settings
/// }
/// ```
///
/// ```sh
/// SECRET_KEY=… ALLOWED_HOSTS=example.com,.example.org mysite runserver
/// ```
///
/// Lists are written with commas, or as JSON: `["a", "b"]`. Booleans are `true`, `yes`, `on` or `1`, and `false`,
/// `no`, `off` or `0`. An empty value counts as given: `SECRET_KEY=` sets an empty key.
public struct Settings: Sendable {
    // MARK: Basics

    /// `DEBUG`: whether errors are shown in the browser, changed templates are reloaded, and local hosts are allowed.
    /// Off by default; never turn it on in production.
    public var debug = false
    /// `SECRET_KEY`: the key for signatures. It has at least 50 characters from a random generator.
    public var secretKey = ""
    /// `SECRET_KEY_FALLBACKS`: former keys, whose signatures are still accepted.
    public var secretKeyFallbacks: [String] = []
    /// `ALLOWED_HOSTS`: the host names that the site answers to: `example.com`, `.example.com` with all its
    /// subdomains, or `*`. If it is empty, ``debug`` allows the local hosts.
    public var allowedHosts: [String] = []
    /// `DATABASE_URL`: the URL of the database, such as `sqlite:///data.sqlite3`; nil if there is none.
    public var databaseURL: String?
    /// `CHANNEL_LAYERS`: the channel layers, as JSON; nil for one in memory.
    public var channelLayers: String?
    /// `CACHES`: the caches, as JSON; nil for one in memory.
    public var caches: String?
    /// `TIME_ZONE`: the site's time zone, by its name in the IANA database.
    public var timeZone = "UTC"

    // MARK: Addresses and files

    /// `APPEND_SLASH`: whether a path without a route is redirected to the same path with a slash, if that has a
    /// route.
    public var appendSlash = true
    /// `STATIC_URL`: the URL prefix of static files.
    public var staticURL = "/static/" { didSet { staticURL = Self.mounted(staticURL) } }
    /// `STATIC_ROOT`: the folder that `collectstatic` fills; nil to serve static files directly from the apps.
    public var staticRoot: String?
    /// `STATICFILES_DIRS`: folders with static files that belong to no app.
    public var staticFolders: [String] = []
    /// `MEDIA_URL`: the URL prefix of uploaded files.
    public var mediaURL = "/media/" { didSet { mediaURL = Self.mounted(mediaURL) } }
    /// `MEDIA_ROOT`: the folder for uploaded files.
    public var mediaRoot: String?
    /// `TEMPLATE_DIRS`: folders with templates that belong to no app. They are searched first. Django has them in
    /// `TEMPLATES`.
    public var templateFolders: [String] = []
    /// `MEDIA_TYPES`: media types of files by extension, in addition to those of `MediaTypes`:
    /// `glb=model/gltf-binary`. The site's program adds them when it starts.
    public var mediaTypes: [String: String] = [:]

    // MARK: Limits of requests

    /// `DATA_UPLOAD_MAX_MEMORY_SIZE`: the limit of a request's body without its files, in bytes. 2.5 MiB by default.
    public var dataUploadMaxMemorySize = 2_621_440
    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`: the largest number of fields in a form. 1,000 by default.
    public var dataUploadMaxNumberFields = 1000
    /// `DATA_UPLOAD_MAX_NUMBER_FILES`: the largest number of files in a form. 100 by default.
    public var dataUploadMaxNumberFiles = 100
    /// `FILE_UPLOAD_MAX_MEMORY_SIZE`: the limit of uploaded files in memory, in bytes. Larger files are kept on disk.
    /// 2.5 MiB by default.
    public var fileUploadMaxMemorySize = 2_621_440
    /// `FILE_UPLOAD_TEMP_DIR`: the folder for the temporary files of uploads; nil for the system's folder.
    public var fileUploadTemporaryFolder: String?

    // MARK: Security

    /// `SECURE_SSL_REDIRECT`: whether requests over plain HTTP are redirected to HTTPS. Off by default.
    public var secureSSLRedirect = false
    /// `SECURE_SSL_HOST`: the host to redirect to; nil for the host of the request.
    public var secureSSLHost: String?
    /// `SECURE_HSTS_SECONDS`: the time during which browsers use only HTTPS for the site, in seconds. 0 sends no
    /// `Strict-Transport-Security`.
    public var secureHSTSSeconds = 0
    /// `SECURE_HSTS_INCLUDE_SUBDOMAINS`: whether that applies to all subdomains too.
    public var secureHSTSIncludeSubdomains = false
    /// `SECURE_HSTS_PRELOAD`: whether the site may be added to browsers' preload lists.
    public var secureHSTSPreload = false
    /// `SECURE_CONTENT_TYPE_NOSNIFF`: whether browsers must use the declared media type and not guess. On by default.
    public var secureContentTypeNosniff = true
    /// `SECURE_REFERRER_POLICY`: the parts of a page's URL that browsers send to other sites. Nil sends no
    /// `Referrer-Policy`.
    public var secureReferrerPolicy: String? = "same-origin"
    /// `SECURE_CROSS_ORIGIN_OPENER_POLICY`: the windows that may access each other. Nil sends no
    /// `Cross-Origin-Opener-Policy`.
    public var secureCrossOriginOpenerPolicy: String? = "same-origin"
    /// `X_FRAME_OPTIONS`: the sites that may show pages in a frame: `DENY` or `SAMEORIGIN`; nil for all.
    public var xFrameOptions: String? = "DENY"

    // MARK: CSRF protection

    /// `CSRF_TRUSTED_ORIGINS`: other origins whose forms are accepted: `https://example.com`, `https://*.example.com`.
    public var csrfTrustedOrigins: [String] = []
    /// `CSRF_COOKIE_NAME`: the name of the CSRF cookie.
    public var csrfCookieName = "csrftoken"
    /// `CSRF_COOKIE_AGE`: the lifetime of the CSRF cookie, in seconds. A year by default; 0 for a cookie that lasts
    /// until the browser closes.
    public var csrfCookieAge = 31_449_600
    /// `CSRF_COOKIE_DOMAIN`: the domain of the CSRF cookie; nil for the host that sets it.
    public var csrfCookieDomain: String?
    /// `CSRF_COOKIE_PATH`: the path of the CSRF cookie.
    public var csrfCookiePath = "/"
    /// `CSRF_COOKIE_SECURE`: whether browsers send the CSRF cookie only over HTTPS.
    public var csrfCookieSecure = false
    /// `CSRF_COOKIE_HTTPONLY`: whether the CSRF cookie is hidden from scripts.
    public var csrfCookieHTTPOnly = false
    /// `CSRF_COOKIE_SAMESITE`: the cookie's `SameSite` attribute: `Lax`, `Strict` or `None`.
    public var csrfCookieSameSite = "Lax"
    /// `CSRF_HEADER_NAME`: the header in which scripts send the token, spelled as in HTTP.
    public var csrfHeaderName = "X-CSRFToken"

    // MARK: Sessions

    /// `SESSION_COOKIE_NAME`: the name of the session cookie.
    public var sessionCookieName = "sessionid"
    /// `SESSION_COOKIE_AGE`: the lifetime of a session since its last change, in seconds. Two weeks by default.
    public var sessionCookieAge = 1_209_600
    /// `SESSION_COOKIE_DOMAIN`: the domain of the session cookie; nil for the host that sets it.
    public var sessionCookieDomain: String?
    /// `SESSION_COOKIE_PATH`: the path of the session cookie.
    public var sessionCookiePath = "/"
    /// `SESSION_COOKIE_SECURE`: whether browsers send the session cookie only over HTTPS.
    public var sessionCookieSecure = false
    /// `SESSION_COOKIE_HTTPONLY`: whether the session cookie is hidden from scripts.
    public var sessionCookieHTTPOnly = true
    /// `SESSION_COOKIE_SAMESITE`: the cookie's `SameSite` attribute: `Lax`, `Strict` or `None`.
    public var sessionCookieSameSite = "Lax"
    /// `SESSION_SAVE_EVERY_REQUEST`: whether each request begins the lifetime of its session again.
    public var sessionSaveEveryRequest = false
    /// `SESSION_EXPIRE_AT_BROWSER_CLOSE`: whether sessions end when the browser closes.
    public var sessionExpireAtBrowserClose = false
    /// `SESSION_ENGINE`: the storage of sessions: `db`, `cache`, `cached_db`, `file` or `signed_cookies`. Django's
    /// names, such as `django.contrib.sessions.backends.db`, are also accepted.
    public var sessionEngine = "db"
    /// `SESSION_FILE_PATH`: the folder for sessions in files; nil for the system's folder for temporary files.
    public var sessionFilePath: String?
    /// `SESSION_CACHE_ALIAS`: the cache in `CACHES` for the storages `cache` and `cached_db`.
    public var sessionCacheAlias = "default"

    // MARK: Messages

    /// `MESSAGE_STORAGE`: the storage of messages between requests: `cookie`, `session`, or `fallback` for a cookie and
    /// the session for the rest. Django's names, such as
    /// `django.contrib.messages.storage.fallback.FallbackStorage`, are also accepted.
    public var messageStorage = "fallback"
    /// `MESSAGE_LEVEL`: the lowest level of messages that are kept. 20 by default, so that debug messages are not.
    public var messageLevel = 20
    /// `MESSAGE_TAGS`: CSS classes of levels, in addition to Django's or instead of them: `25=positive,50=critical`.
    public var messageTags: [Int: String] = [:]

    // MARK: Users

    /// `LOGIN_URL`: the path of the login page, or the name of its route.
    public var loginURL = "/accounts/login/"
    /// `LOGIN_REDIRECT_URL`: the path or the name of the page after a login.
    public var loginRedirectURL = "/accounts/profile/"
    /// `LOGOUT_REDIRECT_URL`: the path or the name of the page after a logout; nil for a page that says so.
    public var logoutRedirectURL: String?
    /// `PASSWORD_RESET_TIMEOUT`: the time for which a link to reset a password is valid, in seconds. Three days by
    /// default.
    public var passwordResetTimeout = 259_200

    // MARK: Mail

    /// `EMAIL_BACKEND`: the delivery of mail: `smtp`, `console`, `file`, `memory` or `dummy`. Django's names, such as
    /// `django.core.mail.backends.smtp.EmailBackend`, are also accepted.
    public var emailBackend = "smtp"
    /// `EMAIL_HOST`: the name or the address of the mail server.
    public var emailHost = "localhost"
    /// `EMAIL_PORT`: the port of the mail server.
    public var emailPort = 25
    /// `EMAIL_HOST_USER`: the user at the mail server. Empty for a server without authentication.
    public var emailHostUser = ""
    /// `EMAIL_HOST_PASSWORD`: the password at the mail server.
    public var emailHostPassword = ""
    /// `EMAIL_USE_TLS`: whether the connection is encrypted with `STARTTLS`, usually on port 587.
    public var emailUseTLS = false
    /// `EMAIL_USE_SSL`: whether the connection is encrypted from the start, usually on port 465.
    public var emailUseSSL = false
    /// `EMAIL_TIMEOUT`: the time limit for a message, in seconds. 30 by default; Django has no limit.
    public var emailTimeout = 30
    /// `EMAIL_FILE_PATH`: the folder for the messages of the backend `file`.
    public var emailFilePath: String?
    /// `DEFAULT_FROM_EMAIL`: the address of the sender of messages without one.
    public var defaultFromEmail = "webmaster@localhost"
    /// `SERVER_EMAIL`: the address of the sender of messages to ``admins``.
    public var serverEmail = "root@localhost"
    /// `EMAIL_SUBJECT_PREFIX`: the beginning of the subject of messages to ``admins``.
    public var emailSubjectPrefix = "[Strait] "
    /// `ADMINS`: the addresses of the people who operate the site, with or without names.
    public var admins: [String] = []

    // MARK: The site's own settings

    /// The names of the site's own settings: `PAYMENT_KEY`, or `SHOP_*` for all names with that prefix. If
    /// `settings.env` has a name that is neither here nor one of Strait's, `warnings` reports it, as it may be
    /// misspelled.
    public var ownNames: [String] = []
    /// All other values in the file and the environment, by name.
    public internal(set) var others: [String: String] = [:]
    /// The places in the file or the environment that give the settings, by the setting's name: `settings.env: line
    /// 3`.
    package internal(set) var places: [String: SettingPlace] = [:]

    /// Creates settings with the default values.
    public init() {}

    /// The value of one of the site's own settings; nil if it has none. The file and the environment override a value
    /// that is set in Swift.
    public subscript(name: String) -> String? {
        get { others[name] }
        set { others[name] = newValue }
    }

    /// Returns a path or an address with a slash at its end. A path is given a leading slash too.
    private static func mounted(_ text: String) -> String {
        var text = text
        if !text.hasSuffix("/") { text += "/" }
        return text.hasPrefix("/") || text.contains("://") ? text : "/" + text
    }
}
