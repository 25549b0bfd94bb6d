public import StraitDatabase
public import StraitPasswords

/// A way to authenticate users; an entry of Django's `AUTHENTICATION_BACKENDS`.
public protocol AuthenticationBackend: Sendable {
    /// The name of the backend, stored in the session so that Django recognizes it.
    var name: String { get }
    /// Returns the user with a username and a password, or nil if this backend does not accept them.
    ///
    /// - Throws: ``AuthenticationRefused`` if no other backend may be tried; Django's `PermissionDenied`.
    func authenticate(
        username: String, password: String, _ context: AuthenticationContext
    ) async throws -> (any UserModel)?
    /// Returns the user with a primary key from a session, or nil if there is no such user or the user may not log in.
    func user(_ key: String, _ context: AuthenticationContext) async throws -> (any UserModel)?
}

/// The parts of a site that a backend uses.
public struct AuthenticationContext: Sendable {
    /// The database with the users.
    public let database: Database
    /// The password hashers.
    public let passwords: PasswordHashers
    /// The user model.
    public let model: any UserModel.Type
}

/// An error that a backend throws to reject a login without trying other backends.
public struct AuthenticationRefused: Error, Hashable, Sendable {
    /// Creates the error.
    public init() {}
}

/// A backend that authenticates users in the database by their passwords; Django's `ModelBackend`.
public struct ModelBackend: AuthenticationBackend {
    /// `django.contrib.auth.backends.ModelBackend`, so that Django accepts the sessions.
    public var name: String { "django.contrib.auth.backends.ModelBackend" }
    private let allowsInactive: Bool

    /// Creates a backend.
    ///
    /// - Parameter allowsInactive: Whether inactive users may log in; Django's `AllowAllUsersModelBackend`.
    public init(allowsInactive: Bool = false) { self.allowsInactive = allowsInactive }

    /// Checks the password. An unknown username takes as long as a known one. A hash with an outdated algorithm or cost
    /// is replaced.
    public func authenticate(
        username: String, password: String, _ context: AuthenticationContext
    ) async throws -> (any UserModel)? {
        try await Self.authenticate(context.model, username, password, context, allowsInactive)
    }

    private static func authenticate<Account: UserModel>(
        _ model: Account.Type, _ username: String, _ password: String, _ context: AuthenticationContext,
        _ allowsInactive: Bool
    ) async throws -> (any UserModel)? {
        var user = try await Account.named(username, in: context.database)
        let check = try await context.passwords.check(password, user?.password)
        guard check.isCorrect, user?.isActive == true || allowsInactive else { return nil }
        if check.mustUpdate {
            let hash = try await context.passwords.hash(password)
            // A password that was changed in the meantime stays.
            if try await user?.replacePassword(with: hash, in: context.database) == true { user?.password = hash }
        }
        return user
    }

    /// Returns the user with a primary key, if the user may log in.
    public func user(_ key: String, _ context: AuthenticationContext) async throws -> (any UserModel)? {
        guard let user = try await context.model.user(key, in: context.database), user.isActive || allowsInactive else {
            return nil
        }
        return user
    }
}
