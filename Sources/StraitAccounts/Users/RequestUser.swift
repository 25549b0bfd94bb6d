public import StraitDatabase
internal import Synchronization

/// The user of a request or a socket, who may be anonymous; Django's `request.user` and Channels' `scope["user"]`.
///
/// ```swift
/// let user = try await request.user
/// guard user.isAuthenticated else { return .redirect(to: "/login/") }
/// if let user = user.as(User.self) { … }
/// ```
public final class RequestUser: Sendable {
    /// The row of the user, or nil for an anonymous visitor.
    public let account: (any UserModel)?
    private let database: Database?
    private let known = Mutex<Set<String>?>(nil)

    /// Creates a user from a row.
    ///
    /// - Parameters:
    ///   - account: The row.
    ///   - database: The database to read the permissions from.
    public init(_ account: any UserModel, in database: Database) {
        self.account = account
        self.database = database
    }

    private init() {
        account = nil
        database = nil
    }

    /// A visitor who is not logged in; Django's `AnonymousUser`.
    public static let anonymous = RequestUser()

    /// Whether the visitor is logged in.
    public var isAuthenticated: Bool { account != nil }
    /// Whether the visitor is not logged in.
    public var isAnonymous: Bool { account == nil }
    /// The username, or an empty string.
    public var username: String { account?.username ?? "" }
    /// Whether the user may log in; false for an anonymous visitor.
    public var isActive: Bool { account?.isActive ?? false }
    /// Whether the user is a staff member.
    public var isStaff: Bool { account?.isStaff ?? false }
    /// Whether the user has all permissions.
    public var isSuperuser: Bool { account?.isSuperuser ?? false }
    /// The primary key as text, or nil.
    public var id: String? { account?.keyText }

    /// Returns the user's row as the site's user model, or nil for an anonymous visitor or another model.
    public func `as`<Account: UserModel>(_ type: Account.Type) -> Account? { account as? Account }

    // MARK: Permissions

    /// Whether the user has a permission; Django's `has_perm`.
    ///
    /// - Parameter name: The app label and the codename, such as `gallery.add_photo`.
    /// - Throws: ``/StraitDatabase/DatabaseError``.
    public func has(_ name: String) async throws -> Bool {
        if !isActive { return false }
        return isSuperuser ? true : try await permissions.contains(name)
    }

    /// Whether the user has all of these permissions; Django's `has_perms`.
    public func has(all names: [String]) async throws -> Bool {
        for name in names where !(try await has(name)) { return false }
        return true
    }

    /// Whether the user has any permission of an app; Django's `has_module_perms`.
    public func hasAny(of app: String) async throws -> Bool {
        if !isActive { return false }
        return isSuperuser ? true : try await permissions.contains { $0.hasPrefix(app + ".") }
    }

    /// The permissions, if they have been read.
    var loadedPermissions: Set<String> { known.withLock { $0 } ?? [] }

    /// The names of the user's own permissions and those of the user's groups. They are read once. A superuser has all
    /// permissions, but they are not listed here.
    public var permissions: Set<String> {
        get async throws {
            guard let account, let database, isActive else { return [] }
            if let names = known.withLock({ $0 }) { return names }
            let names = try await account.permissions(in: database)
            known.withLock { $0 = names }
            return names
        }
    }
}

extension RequestUser: CustomStringConvertible {
    /// The username, or `AnonymousUser`, as Django prints it.
    public var description: String { account?.username ?? "AnonymousUser" }
}
