public import FoundationEssentials
import StraitCore
public import StraitWeb

/// The text format of a session in Django's database and files: JSON, compressed if that is shorter, and signed with a
/// timestamp.
public struct SessionEncoding: Sendable {
    private let signer: TimestampSigner

    /// Creates the encoding of a site.
    ///
    /// - Parameters:
    ///   - key: `SECRET_KEY`, which signs the sessions.
    ///   - fallbackKeys: `SECRET_KEY_FALLBACKS`, whose signatures are also accepted.
    ///   - salt: The purpose of the signature.
    ///   - now: Returns the current time. A test can replace it.
    public init(
        key: String, fallbackKeys: [String] = [], salt: String = "django.contrib.sessions.SessionStore",
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        signer = TimestampSigner(key: key, fallbackKeys: fallbackKeys, salt: salt, now: now)
    }

    /// Creates the encoding of a site with its `SECRET_KEY`.
    public init(_ settings: Settings, salt: String = "django.contrib.sessions.SessionStore") {
        self.init(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: salt)
    }

    /// Returns the text of a session.
    public func text(of data: SessionData) throws -> String { try signer.sign(json: data.json, compress: true) }

    /// Reads the text of a session. Returns nil if it was tampered with, was signed with another key, or is older than
    /// `maxAge`. As in Django, such a session counts as empty.
    public func data(of text: String, maxAge: Duration? = nil) -> SessionData? {
        try? SessionData(json: signer.unsignJSON(from: text, maxAge: maxAge))
    }
}
