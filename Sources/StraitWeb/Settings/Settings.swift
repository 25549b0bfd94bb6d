internal import StraitNetwork

/// A site's configuration: one value for all of it, under Django's names.
///
/// A site gives its own values in Swift. The file `settings.env` replaces them, and the environment replaces both, so that
/// one program runs on a laptop and in production:
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
/// Lists are written with commas, or as JSON: `["a", "b"]`. Truths are `true`, `yes`, `on`, `1` and their opposites.
/// An empty value counts as given: `SECRET_KEY=` is an empty key.
public struct Settings: Sendable {
    // MARK: What it is

    /// `DEBUG`: whether errors are shown in the browser, templates are read anew when they change, and local hosts are
    /// allowed. Never in production. Off.
    public var debug = false
    /// `SECRET_KEY`: what signatures are made with. At least 50 characters, from a random generator.
    public var secretKey = ""
    /// `SECRET_KEY_FALLBACKS`: former keys, whose signatures are still believed.
    public var secretKeyFallbacks: [String] = []
    /// `ALLOWED_HOSTS`: the names under which the site may be asked: `example.com`, `.example.com` with all beneath it,
    /// or `*`. With ``debug`` and none given, the local ones.
    public var allowedHosts: [String] = []
    /// `DATABASE_URL`: where the database is, such as `sqlite:///data.sqlite3`; nil where there is none.
    public var databaseURL: String?
    /// `CHANNEL_LAYERS`: the channel layers, as JSON; nil for one in memory.
    public var channelLayers: String?
    /// `TIME_ZONE`: where the site's times are at home, by the name in the IANA database.
    public var timeZone = "UTC"

    // MARK: Addresses and files

    /// `APPEND_SLASH`: whether a path that has no route, and has one with a slash behind it, is redirected there.
    public var appendSlash = true
    /// `STATIC_URL`: the path under which static files are served.
    public var staticURL = "/static/" { didSet { staticURL = Self.mounted(staticURL) } }
    /// `STATIC_ROOT`: the folder that `collectstatic` fills; nil where static files are served as the apps bring them.
    public var staticRoot: String?
    /// `STATICFILES_DIRS`: folders with static files that belong to no app.
    public var staticFolders: [String] = []
    /// `MEDIA_URL`: the path under which uploaded files are served.
    public var mediaURL = "/media/" { didSet { mediaURL = Self.mounted(mediaURL) } }
    /// `MEDIA_ROOT`: the folder that uploaded files are kept in.
    public var mediaRoot: String?
    /// `TEMPLATE_DIRS`: folders with templates that belong to no app; they are looked through first. Django has them in
    /// `TEMPLATES`.
    public var templateFolders: [String] = []
    /// `MEDIA_TYPES`: media types of files by extension, beside those that `MediaTypes` has: `glb=model/gltf-binary`. The
    /// site's program adds them when it starts.
    public var mediaTypes: [String: String] = [:]

    // MARK: What clients send

    /// `DATA_UPLOAD_MAX_MEMORY_SIZE`: how many bytes a request's body may have, files apart. 2.5 MiB.
    public var dataUploadMaxMemorySize = 2_621_440
    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`: how many fields a form may have. 1,000.
    public var dataUploadMaxNumberFields = 1000
    /// `DATA_UPLOAD_MAX_NUMBER_FILES`: how many files a form may have. 100.
    public var dataUploadMaxNumberFiles = 100
    /// `FILE_UPLOAD_MAX_MEMORY_SIZE`: from how many bytes on an uploaded file is kept on disk. 2.5 MiB.
    public var fileUploadMaxMemorySize = 2_621_440
    /// `FILE_UPLOAD_TEMP_DIR`: where such files are kept meanwhile; nil for the system's place.
    public var fileUploadTemporaryFolder: String?

    // MARK: Security

    /// `SECURE_SSL_REDIRECT`: whether plain requests are redirected to HTTPS. Off.
    public var secureSSLRedirect = false
    /// `SECURE_SSL_HOST`: the host to redirect to; nil for the one that was asked.
    public var secureSSLHost: String?
    /// `SECURE_HSTS_SECONDS`: for how many seconds browsers are to use nothing but HTTPS; 0 for not saying so.
    public var secureHSTSSeconds = 0
    /// `SECURE_HSTS_INCLUDE_SUBDOMAINS`: whether that is for all names beneath, too.
    public var secureHSTSIncludeSubdomains = false
    /// `SECURE_HSTS_PRELOAD`: whether the site may be put into browsers' own lists.
    public var secureHSTSPreload = false
    /// `SECURE_CONTENT_TYPE_NOSNIFF`: whether browsers are to believe the type that they are told. On.
    public var secureContentTypeNosniff = true
    /// `SECURE_REFERRER_POLICY`: what browsers tell other sites of where they come from; nil for nothing of it.
    public var secureReferrerPolicy: String? = "same-origin"
    /// `SECURE_CROSS_ORIGIN_OPENER_POLICY`: which windows may reach each other; nil for nothing of it.
    public var secureCrossOriginOpenerPolicy: String? = "same-origin"
    /// `X_FRAME_OPTIONS`: who may show pages in a frame: `DENY` or `SAMEORIGIN`; nil for everybody.
    public var xFrameOptions: String? = "DENY"

    // MARK: Cookies against forged requests

    /// `CSRF_TRUSTED_ORIGINS`: other origins whose forms are taken: `https://example.com`, `https://*.example.com`.
    public var csrfTrustedOrigins: [String] = []
    /// `CSRF_COOKIE_NAME`.
    public var csrfCookieName = "csrftoken"
    /// `CSRF_COOKIE_AGE`, in seconds; a year unless given. 0 for a cookie that ends with the browser.
    public var csrfCookieAge = 31_449_600
    /// `CSRF_COOKIE_DOMAIN`.
    public var csrfCookieDomain: String?
    /// `CSRF_COOKIE_PATH`.
    public var csrfCookiePath = "/"
    /// `CSRF_COOKIE_SECURE`: whether it is sent over HTTPS alone.
    public var csrfCookieSecure = false
    /// `CSRF_COOKIE_HTTPONLY`: whether scripts cannot read it.
    public var csrfCookieHTTPOnly = false
    /// `CSRF_COOKIE_SAMESITE`: `Lax`, `Strict` or `None`.
    public var csrfCookieSameSite = "Lax"
    /// `CSRF_HEADER_NAME`: the field that scripts send the token in, as HTTP spells it.
    public var csrfHeaderName = "X-CSRFToken"

    // MARK: Sessions

    /// `SESSION_COOKIE_SECURE`: whether the session's cookie is sent over HTTPS alone.
    public var sessionCookieSecure = false

    // MARK: Settings of the site's own

    /// The names of the site's own settings, given in Swift: `PAYMENT_KEY`, or `SHOP_*` for all that begin so. A name in
    /// `settings.env` that is neither here nor one of Strait's is a warning, as it may be misspelt.
    public var ownNames: [String] = []
    /// Everything else in the file and the environment, by its name.
    public internal(set) var others: [String: String] = [:]
    /// The place where the file or the environment gives a setting, by its name: `settings.env: line 3`.
    package internal(set) var places: [String: SettingPlace] = [:]

    public init() {}

    /// The value of a setting of the site's own; nil if it has none. The file and the environment replace a value that is
    /// given in Swift.
    public subscript(name: String) -> String? {
        get { others[name] }
        set { others[name] = newValue }
    }

    /// A path or an address that ends with a slash; a path begins with one, too.
    private static func mounted(_ text: String) -> String {
        var text = text
        if !text.hasSuffix("/") { text += "/" }
        return text.hasPrefix("/") || text.contains("://") ? text : "/" + text
    }
}
