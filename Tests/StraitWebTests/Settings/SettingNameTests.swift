import Testing

@testable import StraitWeb

/// Names in `settings.env` and the environment that are not Strait settings.
@Suite struct SettingNameTests {
    private func warnings(
        file: String = "", environment: [String: String] = [:], own: [String] = [], options: [String] = []
    ) throws -> [String] {
        var settings = Settings()
        settings.ownNames = own
        try settings.read(file: file, named: "settings.env")
        try settings.read(environment: environment)
        return settings.warnings(options: options).map(\.description)
    }

    @Test func `a Django setting that Strait lacks is a warning that says what to use instead`() throws {
        #expect(
            try warnings(file: "A=1\nSECURE_PROXY_SSL_HEADER=HTTP_X_FORWARDED_PROTO,https\n", own: ["A"]) == [
                """
                SECURE_PROXY_SSL_HEADER: Strait does not have this setting of Django's. Start the server with \
                --proxy-headers and the proxy's address instead. (strait.W003; settings.env: line 2)
                """
            ])
        #expect(
            try warnings(environment: ["INSTALLED_APPS": "chat", "PATH": "/bin", "HOME": "/"]) == [
                """
                INSTALLED_APPS: Strait does not have this setting of Django's. Give the site's installedApps in \
                Swift instead. (strait.W003)
                """
            ])
        #expect(try warnings(file: "SITE_ID=1\n", own: ["SITE_ID"]) == [])
    }

    @Test func `Django settings that Strait lacks have advice, and Strait's own settings have none`() {
        let names = [
            "DATABASES", "MIDDLEWARE", "TEMPLATES", "USE_TZ", "LANGUAGE_CODE", "ROOT_URLCONF", "WSGI_APPLICATION",
            "ASGI_APPLICATION", "CACHE_MIDDLEWARE_SECONDS", "EMAIL_USE_LOCALTIME", "LOGGING", "SESSION_SERIALIZER",
            "AUTH_USER_MODEL", "STORAGES",
            "STATICFILES_FINDERS", "PREPEND_WWW", "FORCE_SCRIPT_NAME", "USE_X_FORWARDED_HOST", "CSRF_USE_SESSIONS",
            "SECURE_REDIRECT_EXEMPT", "DEFAULT_AUTO_FIELD", "SITE_ID", "INTERNAL_IPS", "PASSWORD_HASHERS",
        ]
        for name in names {
            #expect(DjangoSetting.advice(on: name)?.hasSuffix(".") == true, "\(name)")
            #expect(SettingEntry.byName[name] == nil)
        }
        for entry in SettingEntry.all { #expect(DjangoSetting.advice(on: entry.name) == nil, "\(entry.name)") }
    }

    @Test func `an unknown name that is not declared is a warning with a suggestion`() throws {
        #expect(
            try warnings(file: "MAX_MESSAGE_SIZE=1M\n", options: ["--max-message-size"]) == [
                """
                MAX_MESSAGE_SIZE: There is no such setting. Use the command-line option --max-message-size instead. \
                (strait.W002; settings.env: line 1)
                """
            ])
        #expect(
            try warnings(file: "PAYMENT_KEY=1\n") == [
                #"""
                PAYMENT_KEY: There is no such setting. If it is the site's own, declare it in Swift: \#
                settings.ownNames = ["PAYMENT_KEY"]. (strait.W002; settings.env: line 1)
                """#
            ])
        #expect(
            try warnings(file: "UPLOAD_MAX_MEMORY_SIZE=1\n").first?.contains(
                "Did you mean DATA_UPLOAD_MAX_MEMORY_SIZE? If") == true)
        #expect(try warnings(file: "PAYMENT_KEY=1\nSHOP_A=1\nSHOP_B=2\n", own: ["PAYMENT_KEY", "SHOP_*"]) == [])
        #expect(try warnings(file: "SHOPS=1\n", own: ["SHOP_*"]).count == 1)
    }

    @Test func `an undeclared misspelled setting is an error in the file, a warning in the environment`() throws {
        #expect(
            throws: SettingsError("settings.env: line 1: ALOWED_HOSTS is not a setting. Did you mean ALLOWED_HOSTS?")
        ) {
            try warnings(file: "ALOWED_HOSTS=a\n")
        }
        #expect(try warnings(file: "ALOWED_HOSTS=a\n", own: ["ALOWED_HOSTS"]) == [])
        #expect(
            try warnings(environment: ["ALOWED_HOSTS": "a", "DEBUGS": "1"]) == [
                "ALOWED_HOSTS: There is no such setting. Did you mean ALLOWED_HOSTS? (strait.W002)"
            ])
    }

    @Test func `STATIC_URL at the root is a warning`() throws {
        let texts = try warnings(environment: ["STATIC_URL": "/"])
        #expect(texts.map { $0.prefix(31) } == ["STATIC_URL: It is '/'. Strait s"])
    }
}
