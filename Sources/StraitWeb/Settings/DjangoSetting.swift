/// The settings of Django 5.2, its contributed apps and Channels that Strait does not have, with advice for each.
enum DjangoSetting {
    /// Returns a sentence that says what to use instead of the setting `name`. Returns nil if Django has no such
    /// setting, or if Strait has it too.
    static func advice(on name: String) -> String? { table[name] }

    /// All names, for spelling suggestions.
    static var names: [String] { Array(table.keys) }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (advice, names) in rows {
            for name in names.split(separator: " ") { table[String(name)] = advice }
        }
        return table
    }()

    private static let rows: [(advice: String, names: String)] = [
        ("Start the server with --proxy-headers and the proxy's address instead.", "SECURE_PROXY_SSL_HEADER"),
        (
            "Not needed: configure the proxy to pass on the Host header, and start the server with --proxy-headers.",
            "USE_X_FORWARDED_HOST USE_X_FORWARDED_PORT"
        ),
        ("Start the server with --root-path instead.", "FORCE_SCRIPT_NAME"),
        ("Give the site's installedApps in Swift instead.", "INSTALLED_APPS"),
        ("Put middleware around the site's application in Swift instead.", "MIDDLEWARE"),
        ("Give the site's routes in Swift instead.", "ROOT_URLCONF"),
        ("Not needed: the program serves itself.", "WSGI_APPLICATION ASGI_APPLICATION"),
        ("Set DATABASE_URL instead.", "DATABASES"),
        (
            "Not needed: Strait has no database layer.",
            """
            DATABASE_ROUTERS DEFAULT_AUTO_FIELD DEFAULT_TABLESPACE DEFAULT_INDEX_TABLESPACE MIGRATION_MODULES \
            FIXTURE_DIRS ABSOLUTE_URL_OVERRIDES AUTH_USER_MODEL TEST_NON_SERIALIZED_APPS
            """
        ),
        (
            "Set TEMPLATE_DIRS instead, and give loaders and libraries in Swift.",
            "TEMPLATES TEMPLATE_LOADERS TEMPLATE_CONTEXT_PROCESSORS"
        ),
        ("Write the form's markup in a template instead.", "FORM_RENDERER"),
        ("Not needed: addresses without a scheme are read as https.", "FORMS_URLFIELD_ASSUME_HTTPS"),
        ("Set MEDIA_ROOT and STATIC_ROOT instead.", "STORAGES DEFAULT_FILE_STORAGE STATICFILES_STORAGE"),
        ("Set STATICFILES_DIRS, or name folders in an app's staticFiles instead.", "STATICFILES_FINDERS"),
        ("Set FILE_UPLOAD_MAX_MEMORY_SIZE instead: larger files are kept on disk.", "FILE_UPLOAD_HANDLERS"),
        (
            "Give uploaded files their permissions when they are stored instead.",
            "FILE_UPLOAD_PERMISSIONS FILE_UPLOAD_DIRECTORY_PERMISSIONS"
        ),
        ("Not needed: times are always kept with their zone. Set TIME_ZONE.", "USE_TZ USE_DEPRECATED_PYTZ"),
        (
            """
            Strait has no translations and formats as en-us does: format values in templates with their filters \
            instead.
            """,
            """
            LANGUAGE_CODE LANGUAGES LANGUAGES_BIDI LOCALE_PATHS USE_I18N USE_L10N LANGUAGE_COOKIE_NAME \
            LANGUAGE_COOKIE_AGE LANGUAGE_COOKIE_DOMAIN LANGUAGE_COOKIE_PATH LANGUAGE_COOKIE_SECURE \
            LANGUAGE_COOKIE_HTTPONLY LANGUAGE_COOKIE_SAMESITE FORMAT_MODULE_PATH DATE_FORMAT DATETIME_FORMAT \
            TIME_FORMAT YEAR_MONTH_FORMAT MONTH_DAY_FORMAT SHORT_DATE_FORMAT SHORT_DATETIME_FORMAT \
            FIRST_DAY_OF_WEEK DECIMAL_SEPARATOR USE_THOUSAND_SEPARATOR NUMBER_GROUPING THOUSAND_SEPARATOR
            """
        ),
        (
            "Give the field its formats in Swift instead.",
            "DATE_INPUT_FORMATS TIME_INPUT_FORMATS DATETIME_INPUT_FORMATS"
        ),
        ("Not needed: pages are in UTF-8.", "DEFAULT_CHARSET"),
        ("Redirect in the proxy, or in middleware of the site's own instead.", "PREPEND_WWW SECURE_REDIRECT_EXEMPT"),
        ("Refuse user agents in the proxy, or in middleware of the site's own instead.", "DISALLOWED_USER_AGENTS"),
        ("Not needed: the dates of messages are in UTC.", "EMAIL_USE_LOCALTIME"),
        (
            "Return a Mailer with an SMTPEmailBackend of your own from services(_:) of the site instead.",
            "EMAIL_SSL_CERTFILE EMAIL_SSL_KEYFILE"
        ),
        (
            "Set ADMINS and call mailAdmins instead: Strait sends no mail by itself.", "MANAGERS IGNORABLE_404_URLS"
        ),
        ("Start the server with --log-level instead.", "LOGGING LOGGING_CONFIG"),
        (
            "Not needed: with DEBUG errors are shown in the browser, and they are always in the log.",
            "DEBUG_PROPAGATE_EXCEPTIONS DEFAULT_EXCEPTION_REPORTER DEFAULT_EXCEPTION_REPORTER_FILTER INTERNAL_IPS"
        ),
        (
            "Not needed: sessions are stored as JSON.",
            "SESSION_SERIALIZER"
        ),
        (
            "Strait does not cache pages: keep values in the site's own types instead.",
            "CACHE_MIDDLEWARE_KEY_PREFIX CACHE_MIDDLEWARE_SECONDS CACHE_MIDDLEWARE_ALIAS"
        ),
        (
            "Return Accounts and PasswordHashers from services(_:) of the site instead.",
            "AUTH_USER_MODEL AUTHENTICATION_BACKENDS PASSWORD_HASHERS AUTH_PASSWORD_VALIDATORS"
        ),
        (
            "Not needed: values are signed as Django signs them by default.",
            "SIGNED_COOKIE_LEGACY_SALT_FALLBACK SIGNING_BACKEND"
        ),
        ("Write a template 403_csrf.html instead.", "CSRF_FAILURE_VIEW"),
        ("Not needed: the secret is always in its cookie.", "CSRF_USE_SESSIONS CSRF_COOKIE_MASKED"),
        ("Give the name of the site in Swift instead.", "SITE_ID"),
        ("Not needed: the program is tested with swift test.", "TEST_RUNNER"),
        (
            "Not needed: check prints what is to be changed, and --fail-level decides what fails.",
            "SILENCED_SYSTEM_CHECKS"
        ),
        (
            "Set SECURE_CONTENT_TYPE_NOSNIFF or the response's headers instead: browsers have no such filter any more.",
            "SECURE_BROWSER_XSS_FILTER"
        ),
    ]
}
