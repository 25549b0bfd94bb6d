public import StraitDatabase
public import StraitPasswords

/// A way to find out who a visitor is; an entry of Django's `AUTHENTICATION_BACKENDS`.
public protocol AuthenticationBackend: Sendable {
    /// The name that is stored in the session, so that Django recognizes it.
    var name: String { get }
    /// Returns the user of a username and a password, or nil if they are not valid here.
    ///
    /// - Throws: ``AuthenticationRefused`` if no other backend may be asked; Django's `PermissionDenied`.
    func authenticate(
        username: String, password: String, _ context: AuthenticationContext
    ) async throws -> (any UserModel)?
    /// Returns the user of a session, or nil if there is none who may log in.
    func user(_ key: String, _ context: AuthenticationContext) async throws -> (any UserModel)?
}

/// The parts of a site that a backend uses.
public struct AuthenticationContext: Sendable {
    /// The database with the users.
    public let database: Database
    /// The hashers of passwords.
    public let passwords: PasswordHashers
    /// The model of users.
    public let model: any UserModel.Type
}

/// An error with which a backend ends a login, so that no other backend is asked.
public struct AuthenticationRefused: Error, Hashable, Sendable {
    /// Creates the error.
    public init() {}
}

/// Users in the database, with their passwords; Django's `ModelBackend`.
public struct ModelBackend: AuthenticationBackend {
    /// `django.contrib.auth.backends.ModelBackend`, so that Django accepts the sessions.
    public var name: String { "django.contrib.auth.backends.ModelBackend" }
    private let allowsInactive: Bool

    /// Creates a backend.
    ///
    /// - Parameter allowsInactive: Whether users who are deactivated may log in; Django's `AllowAllUsersModelBackend`.
    public init(allowsInactive: Bool = false) { self.allowsInactive = allowsInactive }

    /// Compares the password with the user's. It takes as long for a username that does not exist. A hash with a
    /// former cost is replaced.
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
            try await user?.store(password: hash, in: context.database)
            user?.password = hash
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
