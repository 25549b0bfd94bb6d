public import FoundationEssentials
public import StraitCore
import StraitDatabase
public import StraitPasswords
internal import StraitSessions
public import StraitWeb
internal import Synchronization

/// A service for the users of a site: their model, the authentication backends and the password rules.
public final class Accounts: Service {
    /// The user model; Django's `AUTH_USER_MODEL`.
    public let model: any UserModel.Type
    /// The authentication backends, in the order in which they are tried; Django's `AUTHENTICATION_BACKENDS`.
    public let backends: [any AuthenticationBackend]
    /// The rules for new passwords; Django's `AUTH_PASSWORD_VALIDATORS`.
    public let rules: PasswordRules
    let hashes: SessionHash
    let now: @Sendable () -> Date
    private let started = Mutex<AuthenticationContext?>(nil)

    /// Creates the service.
    ///
    /// - Parameters:
    ///   - model: The user model.
    ///   - settings: The site's settings, with its `SECRET_KEY`.
    ///   - backends: The authentication backends, in the order in which they are tried.
    ///   - rules: The rules for new passwords.
    ///   - now: Returns the current time. A test can replace it.
    public init(
        _ model: any UserModel.Type = User.self, settings: Settings,
        backends: [any AuthenticationBackend] = [ModelBackend()], rules: PasswordRules = .standard,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.model = model
        self.backends = backends
        self.rules = rules
        self.now = now
        hashes = SessionHash(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks)
    }

    /// Gets the database and the password hashers.
    ///
    /// - Throws: ``/StraitCore/ServiceError/Code/missing`` if the site lacks either.
    public func start(in services: Services) async throws {
        if hashes.isUnsafe { throw SiteError.noSecretKey }
        let context = AuthenticationContext(
            database: try services.get(Database.self), passwords: try services.get(PasswordHashers.self), model: model)
        started.withLock { $0 = context }
    }

    var context: AuthenticationContext {
        get throws(AccountError) {
            guard let context = started.withLock({ $0 }) else {
                throw AccountError(
                    .noMiddleware,
                    "The service Accounts has not been started. Start the site's services before the first request.")
            }
            return context
        }
    }

    /// Checks a username and a password. Returns the user, or nil if no backend accepts them; Django's `authenticate`.
    ///
    /// - Throws: ``/StraitCore/ThreadPoolError`` if too many passwords are being checked;
    ///   ``/StraitDatabase/DatabaseError``.
    public func authenticate(username: String, password: String) async throws -> AuthenticatedUser? {
        let context = try context
        for backend in backends {
            do {
                if let user = try await backend.authenticate(username: username, password: password, context) {
                    return AuthenticatedUser(user: user, backend: backend.name)
                }
            } catch is AuthenticationRefused {
                return nil
            }
        }
        return nil
    }

    /// Returns the states of users by their primary keys; see `UserSockets.Entry.state(of:)`.
    func states(of keys: [String]) async throws -> [String: Int] {
        try await Self.states(of: model, keys, in: try context.database)
    }

    private static func states<Account: UserModel>(
        of model: Account.Type, _ keys: [String], in database: Database
    ) async throws -> [String: Int] {
        var found: [String: Int] = [:]
        for start in stride(from: 0, to: keys.count, by: 500) {
            let ids = keys[start..<min(start + 500, keys.count)].compactMap { Account.key($0) }
            for user in try await Account.users(ids, in: database) {
                found[user.keyText] = UserSockets.Entry.state(of: user)
            }
        }
        return found
    }

    /// The result of looking up the user of a session.
    enum Found {
        case user(RequestUser)
        /// The session's hash was made with a former `SECRET_KEY`.
        case formerKey(RequestUser, hash: String)
        /// The session refers to a user, but the password has changed since.
        case changedPassword
        case nobody
    }

    /// Returns the user of a session; Django's `get_user`.
    func user(of session: Session) async throws -> Found {
        guard let key = session[SessionNames.user], let name = session[SessionNames.backend],
            let backend = backends.first(where: { $0.name == name })
        else { return .nobody }
        let context = try context
        guard let account = try await backend.user(key, context) else { return .nobody }
        let user = RequestUser(account, in: context.database)
        guard let given = session[SessionNames.hash] else { return .changedPassword }
        switch hashes.match(given, account.sessionHashText) {
        case .current: return .user(user)
        case .former: return .formerKey(user, hash: hashes.hash(account.sessionHashText))
        case .none: return .changedPassword
        }
    }
}

/// A user whom an authentication backend has accepted.
public struct AuthenticatedUser: Sendable {
    /// The row of the user.
    public let user: any UserModel
    /// The name of the backend.
    public let backend: String

    /// Creates the value for a user whom the site's own code has authenticated, for example without a password.
    ///
    /// - Parameters:
    ///   - user: The row of the user.
    ///   - backend: The name of the backend that finds the user in later requests.
    public init(user: any UserModel, backend: String = "django.contrib.auth.backends.ModelBackend") {
        self.user = user
        self.backend = backend
    }
}

/// The names of the session values that a login sets.
enum SessionNames {
    static let user = "_auth_user_id"
    static let backend = "_auth_user_backend"
    static let hash = "_auth_user_hash"
}
