public import StraitAccounts
public import StraitCore
public import StraitDatabase
public import StraitMigrations
public import StraitModels
import StraitPasswords
import StraitSessions
public import StraitWeb

/// The models that permissions refer to: `django.contrib.contenttypes`.
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

/// Users, groups and permissions, with the tables of Django's app `auth`: `django.contrib.auth`.
///
/// ```swift
/// var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), ChatApp()] }
/// var middleware: MiddlewareList { .accounts }
/// ```
public struct AuthApp: App {
    private let model: any UserModel.Type
    private let addsContext: Bool

    /// Creates the app.
    ///
    /// - Parameters:
    ///   - model: The model of users. One of your own belongs to an app of your own.
    ///   - addsContext: Whether templates have `user` and `perms`. They cost two queries for each page of a visitor
    ///     with a session.
    public init(_ model: any UserModel.Type = User.self, addsContext: Bool = true) {
        self.model = model
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

    /// Adds the permissions of each model of the site.
    public func afterMigrate(_ database: Database) async throws {
        try await PermissionSetup.addPermissions(to: database)
    }

    /// The users, and the hashers of their passwords.
    public func services(_ settings: Settings) throws -> [any Service] {
        [PasswordHashers(), LoginThrottle(), Accounts(model, settings: settings), SocketWatch()]
    }
}

extension MiddlewareList {
    /// The standard list with sessions and users, in Django's order.
    public static let accounts = MiddlewareList.standard
        .inserting(SessionMiddleware.init, before: CSRFViewMiddleware.self)
        .inserting(AuthenticationMiddleware.init, after: CSRFViewMiddleware.self)
}
