public import FoundationEssentials
public import StraitCore
internal import StraitCrypto
internal import StraitDatabase
internal import StraitModels
public import StraitWeb
internal import Synchronization

/// A service that creates and checks a site's access tokens. With a token, a program without cookies can act for a
/// user: an app on a phone, a script or another server.
///
/// ```swift
/// let token = try await request.services.get(AccessTokens.self).create(for: user, name: "Ann's phone")
/// return .json(["token": token.text])
/// ```
///
/// The program sends it in one of these ways:
///
/// - In the header `Authorization: Bearer TOKEN` (RFC 6750 §2.1), for pages and sockets.
/// - As a WebSocket subprotocol, because JavaScript in a page cannot set the headers of a handshake:
///   `new WebSocket(url, ["strait.bearer", token])`. Consumers do not see these two subprotocols.
/// - In the first message, which the consumer passes to
///   ``/StraitConsumers/WebSocketConsumer/authenticate(token:)``.
///
/// A token is signed with the site's `SECRET_KEY`. It becomes invalid when it expires, when ``revoke(_:)`` is called,
/// and when the user is deactivated or gets a new password. Sockets that use it are then closed with 4401.
public final class AccessTokens: Service {
    private let signer: Signer
    private let lifetime: Duration
    let now: @Sendable () -> Date
    private let started = Mutex<Started?>(nil)

    private struct Started {
        let accounts: Accounts
        let watch: SocketWatch?
    }

    /// The signed part of a token.
    private struct Claims: Codable {
        /// The primary key of the user.
        let user: String
        let backend: String
        /// The hash of the user's password, as in a session.
        let hash: String
        let id: String
        /// The time at which the token expires, in seconds since 1970.
        let end: Int
    }

    /// Creates the tokens of a site.
    ///
    /// - Parameters:
    ///   - settings: The site's settings: `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: The time until a new token expires.
    ///   - now: Returns the current time. A test can replace it.
    public init(
        _ settings: Settings, lifetime: Duration = .seconds(30 * 86_400),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        signer = Signer(
            key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: "strait.accounts.AccessTokens")
        self.lifetime = lifetime
        self.now = now
    }

    /// Gets the site's ``Accounts``.
    ///
    /// - Throws: ``/StraitCore/ServiceError/Code/missing`` if the site has no ``Accounts``.
    public func start(in services: Services) async throws {
        let parts = Started(accounts: try services.get(Accounts.self), watch: services.find(SocketWatch.self))
        started.withLock { $0 = parts }
    }

    private var accounts: Accounts {
        get throws(AccountError) {
            guard let accounts = started.withLock({ $0?.accounts }) else {
                throw AccountError(
                    .noMiddleware, "Access tokens have not been started. Start the site's services before any request.")
            }
            return accounts
        }
    }

    // MARK: Creating and revoking

    /// A new token. Its text is available only here, because it is not stored.
    public struct New: Sendable {
        /// The token to give to the program: letters, digits, `-`, `_` and one `.`.
        public let text: String
        /// The stored row.
        public let row: AccessToken
    }

    /// Creates a token for a user.
    ///
    /// - Parameters:
    ///   - user: The user for whom the program acts.
    ///   - name: The name that the user gives the token; at most 100 characters.
    ///   - lifetime: The time until the token expires, or nil for the service's lifetime.
    ///   - backend: The name of the backend that finds the user.
    /// - Throws: ``AccountError/Code/inactive`` if the user is inactive; ``/StraitDatabase/DatabaseError``.
    public func create(
        for user: any UserModel, name: String = "", lifetime: Duration? = nil,
        backend: String = "django.contrib.auth.backends.ModelBackend"
    ) async throws -> New {
        guard user.isActive else {
            throw AccountError(.inactive, "No token for inactive user '\(user.username)'. Activate the user first.")
        }
        guard name.unicodeScalars.count <= 100 else {
            throw AccountError(.invalid, "The name of an access token has at most 100 characters.")
        }
        let accounts = try accounts
        let now = now()
        let end = now.addingTimeInterval((lifetime ?? self.lifetime) / .seconds(1))
        let row = try await accounts.context.database.create(
            AccessToken.Draft(
                id: randomText(32, of: "abcdefghijklmnopqrstuvwxyz0123456789"), user: user.keyText, name: name,
                createdAt: now, expiresAt: end))
        let claims = Claims(
            user: user.keyText, backend: backend, hash: accounts.hashes.hash(user.sessionHashText), id: row.id,
            end: Int(end.timeIntervalSince1970.rounded(.down)))
        return New(text: Self.text(of: try signer.signObject(claims)), row: row)
    }

    /// Revokes a token, and closes the sockets that use it.
    ///
    /// - Parameter id: The ``AccessToken/id``.
    public func revoke(_ id: String) async throws {
        _ = try await AccessToken.objects.filter { $0.id == id }.delete(in: accounts.context.database)
        await started.withLock { $0?.watch }?.end(session: Self.key(of: id))
    }

    /// Revokes all tokens of a user, and closes the sockets that use them.
    public func revokeAll(of user: any UserModel) async throws {
        for token in try await tokens(of: user) { try await revoke(token.id) }
    }

    /// Returns the user's tokens that have not expired, newest first.
    public func tokens(of user: any UserModel) async throws -> [AccessToken] {
        let (key, now) = (user.keyText, now())
        return try await AccessToken.objects
            .filter { $0.user == key && $0.expiresAt > now }
            .order { [$0.createdAt.descending, $0.id.ascending] }
            .all(in: accounts.context.database)
    }

    /// Deletes the tokens that have expired, and returns their number.
    public func clearExpired() async throws -> Int {
        let now = now()
        return try await AccessToken.objects.filter { $0.expiresAt <= now }.delete(in: accounts.context.database).count
    }

    // MARK: Checking

    /// The user of a token, and the token's ID.
    package struct Holder: Sendable {
        package let user: RequestUser
        package let id: String
    }

    /// Returns the user of a token, or nil if the token is invalid. Text without a valid signature costs no query.
    package func holder(of text: String) async throws -> Holder? {
        let accounts = try accounts
        guard text.utf8.count <= Self.limit, let signed = Self.signed(text),
            let claims = try? signer.unsignObject(Claims.self, from: signed), claims.end > Self.seconds(now()),
            let backend = accounts.backends.first(where: { $0.name == claims.backend })
        else { return nil }
        let context = try accounts.context
        guard try await missing([claims.id]).isEmpty,
            let account = try await backend.user(claims.user, context), account.keyText == claims.user,
            accounts.hashes.match(claims.hash, account.sessionHashText) != .none
        else { return nil }
        return Holder(user: RequestUser(account, in: context.database), id: claims.id)
    }

    /// Returns the IDs whose tokens are revoked or expired. Sends one query for every 500 IDs.
    func missing(_ ids: [String]) async throws -> Set<String> {
        var missing = Set(ids)
        let (database, now) = (try accounts.context.database, now())
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = Array(ids[start..<min(start + 500, ids.count)])
            missing.subtract(
                try await AccessToken.objects.filter { $0.id.isIn(part) && $0.expiresAt > now }
                    .select { $0.id }.all(in: database))
        }
        return missing
    }

    /// Returns the key of a token among the session keys of sockets. It has a colon, which a session key never has.
    static func key(of id: String) -> String { prefix + id }

    /// Returns the token's ID from a key that ``key(of:)`` made, or nil for a session key.
    static func id(ofKey key: String) -> String? { key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : nil }

    private static let prefix = "token:"
    /// The maximum length of a token in bytes. Longer text is rejected unread.
    private static let limit = 1024

    private static func seconds(_ date: Date) -> Int { Int(date.timeIntervalSince1970.rounded(.down)) }

    // A colon is not allowed in a subprotocol (RFC 6455 §4.1), and base64url has no dot.
    private static func text(of signed: String) -> String { signed.replacing(":", with: ".") }

    private static func signed(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 ? "\(parts[0]):\(parts[1])" : nil
    }
}
