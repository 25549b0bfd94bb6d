internal import StraitCore
import StraitJSON

/// A setting's name in files and the environment, with the code that reads its value from text.
struct SettingEntry: Sendable {
    let name: String
    /// Sets the value from text. Throws if the text is not valid.
    let set: @Sendable (inout Settings, String) throws(SettingsError) -> Void

    private init(_ name: String, _ set: @escaping @Sendable (inout Settings, String) throws(SettingsError) -> Void) {
        self.name = name
        self.set = set
    }

    private typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

    private static func truth(_ name: String, _ path: Path<Bool>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            switch text.lowercased() {
            case "true", "yes", "on", "1": settings[keyPath: path] = true
            case "false", "no", "off", "0", "": settings[keyPath: path] = false
            default: throw SettingsError(name, text, "is neither true nor false. Write one of these words")
            }
        }
    }

    private static func text(_ name: String, _ path: Path<String>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in settings[keyPath: path] = text }
    }

    /// Creates an entry for an optional setting. Empty text means no value.
    private static func text(_ name: String, _ path: Path<String?>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            settings[keyPath: path] = text.isEmpty ? nil : text
        }
    }

    private static func choice(_ name: String, _ path: Path<String>, _ words: String...) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            guard let word = words.first(where: { $0.lowercased() == text.lowercased() }) else {
                throw SettingsError(name, text, "is not one of \(words.joined(separator: ", ")). Write one of them")
            }
            settings[keyPath: path] = word
        }
    }

    private static func number(_ name: String, _ path: Path<Int>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            let digits = text.filter { $0 != "_" }
            if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), Int(digits) == nil {
                throw SettingsError(name, text, "is too large. Write a number up to \(Int.max)")
            }
            guard let number = Int(digits), number >= 0, !digits.isEmpty else {
                throw SettingsError(name, text, "is not a whole number of at least 0. Write digits")
            }
            settings[keyPath: path] = number
        }
    }

    private static func list(_ name: String, _ path: Path<[String]>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            settings[keyPath: path] = try Self.elements(of: text, name)
        }
    }

    private static func elements(of text: String, _ name: String) throws(SettingsError) -> [String] {
        if text.hasPrefix("[") {
            // A list of hosts that begins with an IPv6 address is not JSON, although it begins with `[`.
            if HostPattern.beginsWithAddress(text) { return Self.parts(of: text) }
            guard let list = try? JSONCoder().decode([String].self, from: Bytes(text)) else {
                throw SettingsError(name, text, #"is not a list of strings. Write ["a", "b"], or a,b"#)
            }
            return list
        }
        return parts(of: text)
    }

    /// Splits `text` at commas and trims white space from each part.
    private static func parts(of text: String) -> [String] {
        text.unicodeScalars.split(separator: ",").compactMap { part in
            let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
            guard let start = part.firstIndex(where: { !isSpace($0) }),
                let end = part.lastIndex(where: { !isSpace($0) })
            else { return nil }
            return String(part[start...end])
        }
    }

    /// Reads extensions with their media types: `glb=model/gltf-binary, usdz=model/vnd.usdz+zip`.
    private static func types(_ name: String, _ path: Path<[String: String]>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            var types: [String: String] = [:]
            for part in try Self.elements(of: text, name) {
                guard let equals = part.utf8.firstIndex(of: 0x3D) else {
                    throw SettingsError(
                        name, part, "has no media type. Write an extension and its type: glb=model/gltf-binary")
                }
                types[String(part[..<equals])] = String(part[part.utf8.index(after: equals)...])
            }
            settings[keyPath: path] = types
        }
    }

    /// Reads levels with their tags: `25=positive, 50=critical`.
    private static func tags(_ name: String, _ path: Path<[Int: String]>) -> SettingEntry {
        SettingEntry(name) { (settings, text) throws(SettingsError) in
            var tags: [Int: String] = [:]
            for part in try Self.elements(of: text, name) {
                let pair = part.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard pair.count == 2, let level = Int(String(pair[0])) else {
                    throw SettingsError(name, part, "is not a level and its tag. Write both: 25=positive")
                }
                tags[level] = String(pair[1])
            }
            settings[keyPath: path] = tags
        }
    }

    /// All settings that can be set by name, in the order of their declaration.
    static let all: [SettingEntry] = [
        truth("DEBUG", \.debug),
        text("SECRET_KEY", \.secretKey),
        list("SECRET_KEY_FALLBACKS", \.secretKeyFallbacks),
        list("ALLOWED_HOSTS", \.allowedHosts),
        text("DATABASE_URL", \.databaseURL),
        text("CHANNEL_LAYERS", \.channelLayers),
        text("CACHES", \.caches),
        text("TIME_ZONE", \.timeZone),
        truth("APPEND_SLASH", \.appendSlash),
        text("STATIC_URL", \.staticURL),
        text("STATIC_ROOT", \.staticRoot),
        list("STATICFILES_DIRS", \.staticFolders),
        text("MEDIA_URL", \.mediaURL),
        text("MEDIA_ROOT", \.mediaRoot),
        list("TEMPLATE_DIRS", \.templateFolders),
        types("MEDIA_TYPES", \.mediaTypes),
        number("DATA_UPLOAD_MAX_MEMORY_SIZE", \.dataUploadMaxMemorySize),
        number("DATA_UPLOAD_MAX_NUMBER_FIELDS", \.dataUploadMaxNumberFields),
        number("DATA_UPLOAD_MAX_NUMBER_FILES", \.dataUploadMaxNumberFiles),
        number("FILE_UPLOAD_MAX_MEMORY_SIZE", \.fileUploadMaxMemorySize),
        text("FILE_UPLOAD_TEMP_DIR", \.fileUploadTemporaryFolder),
        truth("SECURE_SSL_REDIRECT", \.secureSSLRedirect),
        text("SECURE_SSL_HOST", \.secureSSLHost),
        number("SECURE_HSTS_SECONDS", \.secureHSTSSeconds),
        truth("SECURE_HSTS_INCLUDE_SUBDOMAINS", \.secureHSTSIncludeSubdomains),
        truth("SECURE_HSTS_PRELOAD", \.secureHSTSPreload),
        truth("SECURE_CONTENT_TYPE_NOSNIFF", \.secureContentTypeNosniff),
        text("SECURE_REFERRER_POLICY", \.secureReferrerPolicy),
        text("SECURE_CROSS_ORIGIN_OPENER_POLICY", \.secureCrossOriginOpenerPolicy),
        text("X_FRAME_OPTIONS", \.xFrameOptions),
        list("CSRF_TRUSTED_ORIGINS", \.csrfTrustedOrigins),
        text("CSRF_COOKIE_NAME", \.csrfCookieName),
        number("CSRF_COOKIE_AGE", \.csrfCookieAge),
        text("CSRF_COOKIE_DOMAIN", \.csrfCookieDomain),
        text("CSRF_COOKIE_PATH", \.csrfCookiePath),
        truth("CSRF_COOKIE_SECURE", \.csrfCookieSecure),
        truth("CSRF_COOKIE_HTTPONLY", \.csrfCookieHTTPOnly),
        choice("CSRF_COOKIE_SAMESITE", \.csrfCookieSameSite, "Lax", "Strict", "None"),
        text("CSRF_HEADER_NAME", \.csrfHeaderName),
        text("SESSION_COOKIE_NAME", \.sessionCookieName),
        number("SESSION_COOKIE_AGE", \.sessionCookieAge),
        text("SESSION_COOKIE_DOMAIN", \.sessionCookieDomain),
        text("SESSION_COOKIE_PATH", \.sessionCookiePath),
        truth("SESSION_COOKIE_SECURE", \.sessionCookieSecure),
        truth("SESSION_COOKIE_HTTPONLY", \.sessionCookieHTTPOnly),
        choice("SESSION_COOKIE_SAMESITE", \.sessionCookieSameSite, "Lax", "Strict", "None"),
        truth("SESSION_SAVE_EVERY_REQUEST", \.sessionSaveEveryRequest),
        truth("SESSION_EXPIRE_AT_BROWSER_CLOSE", \.sessionExpireAtBrowserClose),
        text("SESSION_ENGINE", \.sessionEngine),
        text("SESSION_FILE_PATH", \.sessionFilePath),
        text("SESSION_CACHE_ALIAS", \.sessionCacheAlias),
        text("MESSAGE_STORAGE", \.messageStorage),
        number("MESSAGE_LEVEL", \.messageLevel),
        tags("MESSAGE_TAGS", \.messageTags),
        text("LOGIN_URL", \.loginURL),
        text("LOGIN_REDIRECT_URL", \.loginRedirectURL),
        text("LOGOUT_REDIRECT_URL", \.logoutRedirectURL),
        number("PASSWORD_RESET_TIMEOUT", \.passwordResetTimeout),
        text("EMAIL_BACKEND", \.emailBackend),
        text("EMAIL_HOST", \.emailHost),
        number("EMAIL_PORT", \.emailPort),
        text("EMAIL_HOST_USER", \.emailHostUser),
        text("EMAIL_HOST_PASSWORD", \.emailHostPassword),
        truth("EMAIL_USE_TLS", \.emailUseTLS),
        truth("EMAIL_USE_SSL", \.emailUseSSL),
        number("EMAIL_TIMEOUT", \.emailTimeout),
        text("EMAIL_FILE_PATH", \.emailFilePath),
        text("DEFAULT_FROM_EMAIL", \.defaultFromEmail),
        text("SERVER_EMAIL", \.serverEmail),
        text("EMAIL_SUBJECT_PREFIX", \.emailSubjectPrefix),
        list("ADMINS", \.admins),
    ]

    static let byName = [String: SettingEntry](uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension Substring {
    /// Returns the text without the unwanted characters at both ends.
    func trimming(_ isUnwanted: (Character) -> Bool) -> String {
        let start = drop(while: isUnwanted)
        guard let last = start.lastIndex(where: { !isUnwanted($0) }) else { return "" }
        return String(start[...last])
    }
}

/// The place outside the program that gives a setting its value.
package enum SettingPlace: Hashable, Sendable, CustomStringConvertible {
    /// A line of a file. For a value that spans several lines, its first line.
    case file(String, line: Int)
    case environment

    package var description: String {
        switch self {
        case .file(let name, let line): "\(name): line \(line)"
        case .environment: "in the environment"
        }
    }
}
