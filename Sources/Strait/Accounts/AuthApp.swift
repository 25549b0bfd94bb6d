public import StraitAccounts
public import StraitCore
public import StraitDatabase
import StraitMessages
public import StraitMigrations
public import StraitModels
public import StraitPasswords
import StraitSessions
public import StraitWeb

/// A table of the site's models, which permissions refer to; Django's `django.contrib.contenttypes`.
public struct ContentTypesApp: App {
    /// Creates the app.
    public init() {}

    /// `contenttypes`.
    public var label: String { "contenttypes" }
    /// The model of `django_content_type`.
    public var models: [any Model.Type] { AccountSchema.contentTypeModels }
    /// The migrations, with Django's names.
    public var migrations: [any Migration.Type] { AccountSchema.contentTypeMigrations }

    /// Adds a row for each model of the site.
    public func afterMigrate(_ database: Database) async throws {
        try await PermissionSetup.addContentTypes(to: database)
    }
}

/// Users, groups and permissions, with the tables of Django's app `auth`, `django.contrib.auth`.
///
/// ```swift
/// var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), ChatApp()] }
/// var middleware: MiddlewareList { .accounts }
/// ```
public struct AuthApp: App {
    private let model: any UserModel.Type
    private let hashers: [any PasswordHasher]
    private let backends: [any AuthenticationBackend]
    private let rules: PasswordRules
    private let addsContext: Bool

    /// Creates the app.
    ///
    /// - Parameters:
    ///   - model: The user model; Django's `AUTH_USER_MODEL`. A custom model belongs to an app of your own.
    ///   - hashers: The password hashers, the preferred one first; Django's `PASSWORD_HASHERS`.
    ///   - backends: The authentication backends, in the order in which they are tried; Django's
    ///     `AUTHENTICATION_BACKENDS`.
    ///   - rules: The rules for new passwords; Django's `AUTH_PASSWORD_VALIDATORS`.
    ///   - addsContext: Whether templates have `user` and `perms`. They cost two queries for each page of a visitor
    ///     with a session.
    public init(
        _ model: any UserModel.Type = User.self, hashers: [any PasswordHasher] = PasswordHashers.standard,
        backends: [any AuthenticationBackend] = [ModelBackend()], rules: PasswordRules = .standard,
        addsContext: Bool = true
    ) {
        self.model = model
        self.hashers = hashers
        self.backends = backends
        self.rules = rules
        self.addsContext = addsContext
    }

    /// `auth`.
    public var label: String { "auth" }
    /// The models of users, groups and permissions.
    public var models: [any Model.Type] { AccountSchema.models }
    /// The migrations, with Django's names.
    public var migrations: [any Migration.Type] { AccountSchema.migrations }

    /// `createsuperuser` and `changepassword`.
    public var commands: [any Command.Type] { [CreateSuperuser.self, ChangePassword.self] }

    /// `user` and `perms` in templates.
    public var contextProcessors: [ContextProcessor] { addsContext ? [.auth] : [] }

    /// Adds the permissions for each model of the site.
    public func afterMigrate(_ database: Database) async throws {
        try await PermissionSetup.addPermissions(to: database)
    }

    /// Returns the services for users, their passwords, login limits and the sockets of users.
    public func services(_ settings: Settings) throws -> [any Service] {
        [
            PasswordHashers(hashers), LoginThrottle(),
            Accounts(model, settings: settings, backends: backends, rules: rules), SocketWatch(),
        ]
    }
}

extension MiddlewareList {
    /// The standard middleware with sessions, users and messages added, in Django's order.
    public static let accounts = MiddlewareList.standard
        .inserting(SessionMiddleware.init, before: CSRFViewMiddleware.self)
        .inserting(AuthenticationMiddleware.init, after: CSRFViewMiddleware.self)
        .inserting(MessageMiddleware.init(_:in:), after: AuthenticationMiddleware.self)
}
