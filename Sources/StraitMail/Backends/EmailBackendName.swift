internal import StraitWeb

/// The values of the setting `EMAIL_BACKEND`.
enum EmailBackendName: String, CaseIterable {
    case smtp, console, file, memory, dummy

    /// Parses a name, or one of Django's dotted paths.
    init(_ text: String) throws(MailError) {
        let prefix = "django.core.mail.backends."
        var word = text
        if text.hasPrefix(prefix), text.hasSuffix(".EmailBackend") {
            word = String(text.dropFirst(prefix.count).dropLast(".EmailBackend".count))
            word = word == "filebased" ? "file" : word == "locmem" ? "memory" : word
        }
        guard let name = Self(rawValue: word) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw MailError(.settings, "EMAIL_BACKEND: '\(text)' is not a backend. Write one of \(names).")
        }
        self = name
    }

    /// Creates the backend that the settings describe.
    static func backend(_ settings: Settings) throws(MailError) -> any EmailBackend {
        switch try Self(settings.emailBackend) {
        case .console: return ConsoleEmailBackend()
        case .memory: return MemoryEmailBackend()
        case .dummy: return DummyEmailBackend()
        case .file:
            guard let folder = settings.emailFilePath else {
                throw MailError(
                    .settings,
                    "EMAIL_BACKEND is 'file', but EMAIL_FILE_PATH is not set. Set it to the folder for the messages.")
            }
            return FileEmailBackend(folder)
        case .smtp: return try smtp(settings)
        }
    }

    private static func smtp(_ settings: Settings) throws(MailError) -> SMTPEmailBackend {
        if settings.emailUseTLS, settings.emailUseSSL {
            throw MailError(
                .settings,
                "EMAIL_USE_TLS and EMAIL_USE_SSL are both set. Set EMAIL_USE_TLS for STARTTLS, usually on port 587, "
                    + "or EMAIL_USE_SSL for port 465.")
        }
        guard (1...65_535).contains(settings.emailPort) else {
            throw MailError(.settings, "EMAIL_PORT: \(settings.emailPort) is not a port. Write one from 1 to 65535.")
        }
        var backend = SMTPEmailBackend()
        backend.host = settings.emailHost
        backend.port = settings.emailPort
        backend.user = settings.emailHostUser
        backend.password = settings.emailHostPassword
        backend.security = settings.emailUseTLS ? .startTLS : settings.emailUseSSL ? .tls : .none
        backend.timeout = .seconds(settings.emailTimeout)
        return backend
    }
}
