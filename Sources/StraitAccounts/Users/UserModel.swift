public import FoundationEssentials
public import StraitDatabase
public import StraitModels
public import StraitPasswords

/// The user model of a site; Django's `AUTH_USER_MODEL`.
///
/// ``User`` is Django's default model. A custom model has at least these properties, under these names. Its table may
/// have more columns.
public protocol UserModel: Model {
    /// The hash of the password, or text that matches no password.
    var password: String { get set }
    /// The time of the last login, or nil.
    var lastLogin: Date? { get set }
    /// The name that the user logs in with; Django's `USERNAME_FIELD`.
    var username: String { get }
    /// The email address for password resets, or an empty string.
    var email: String { get }
    /// Whether the user may log in.
    var isActive: Bool { get }
    /// Whether the user is a staff member.
    var isStaff: Bool { get }
    /// Whether the user has all permissions.
    var isSuperuser: Bool { get }
    /// Returns the names of the user's own permissions and those of the user's groups, such as `gallery.add_photo`. It
    /// is not called for superusers.
    func permissions(in database: Database) async throws -> Set<String>
    /// The text whose change ends all sessions, tokens and sockets of the user; the input of Django's
    /// `get_session_auth_hash`.
    var sessionHashText: String { get }
    /// The user's data that a new password should not resemble.
    var passwordAttributes: [PasswordAttribute] { get }
    /// Creates the row of a user, for the sign-up page and `createsuperuser`. By default, it throws an error.
    static func create(_ account: NewAccount, in database: Database) async throws -> Self
    /// Returns the primary key that text from a session represents, or nil if the text is not a key.
    static func key(_ text: String) -> ID?
    /// The primary key as text, as Django stores it in a session.
    var keyText: String { get }
}

extension UserModel {
    /// The password hash, as in Django.
    public var sessionHashText: String { password }
    /// Returns no permissions, because a model without groups has none.
    public func permissions(in database: Database) async throws -> Set<String> { [] }
    /// The username and the email address.
    public var passwordAttributes: [PasswordAttribute] {
        [PasswordAttribute("username", username), PasswordAttribute("email address", email)]
    }

    /// Returns the user with a primary key, or nil.
    static func user(_ key: String, in database: Database) async throws -> Self? {
        guard let id = Self.key(key), let field = table.fields.first(where: \.isPrimaryKey) else { return nil }
        return try await user(where: field.column, id, in: database)
    }

    /// Returns the user with a username, or nil.
    static func named(_ username: String, in database: Database) async throws -> Self? {
        // PostgreSQL text cannot contain this character.
        guard !username.utf8.contains(0) else { return nil }
        return try await user(where: try column("username"), username, in: database)
    }

    /// Returns the users with these primary keys.
    static func users(_ ids: [ID], in database: Database) async throws -> [Self] {
        guard let key = table.fields.first(where: \.isPrimaryKey), !ids.isEmpty else { return [] }
        let columns = table.fields.map { SQL.quoted($0.column) }.joined(separator: ", ")
        return try await database.query(
            """
            SELECT \(SQL(trusted: columns)) FROM \(identifier: table.name)
            WHERE \(identifier: key.column) IN (\(list: ids))
            """
        ) { row throws(DatabaseError) in try Self(row: row, at: 0) }
    }

    private static func user(
        where column: String, _ value: some DatabaseConvertible, in database: Database
    ) async throws -> Self? {
        let columns = table.fields.map { SQL.quoted($0.column) }.joined(separator: ", ")
        let rows = try await database.query(
            """
            SELECT \(SQL(trusted: columns)) FROM \(identifier: table.name)
            WHERE \(identifier: column) = \(value) LIMIT 2
            """
        ) { row throws(DatabaseError) in try Self(row: row, at: 0) }
        return rows.count == 1 ? rows[0] : nil
    }

    /// Stores the password, the time of the last login, or both. Returns whether the user still exists.
    @discardableResult
    func store(password: String? = nil, lastLogin: Date? = nil, in database: Database) async throws -> Bool {
        guard let key = Self.table.fields.first(where: \.isPrimaryKey) else { return false }
        var changes: [SQL] = []
        if let password { changes.append("\(identifier: try Self.column("password")) = \(password)") }
        if let lastLogin { changes.append("\(identifier: try Self.column("lastLogin")) = \(lastLogin)") }
        guard let first = changes.first else { return true }
        let list = changes.dropFirst().reduce(first) { "\($0), \($1)" }
        return try await database.execute(
            "UPDATE \(identifier: Self.table.name) SET \(list) WHERE \(identifier: key.column) = \(id)") > 0
    }

    /// Stores a new hash of the same password. Returns false if the password has been changed in the meantime.
    func replacePassword(with hash: String, in database: Database) async throws -> Bool {
        guard let key = Self.table.fields.first(where: \.isPrimaryKey) else { return false }
        let column = try Self.column("password")
        return try await database.execute(
            """
            UPDATE \(identifier: Self.table.name) SET \(identifier: column) = \(hash)
            WHERE \(identifier: key.column) = \(id) AND \(identifier: column) = \(password)
            """) > 0
    }

    static func column(_ property: String) throws(AccountError) -> String {
        guard let field = table.fields.first(where: { $0.property == property }) else {
            throw AccountError(
                .userModel,
                "\(Self.self) has no field '\(property)', which a user model needs. Add it as a stored property.")
        }
        return field.column
    }
}

extension UserModel where ID == ModelID<Self> {
    /// Reads the number.
    public static func key(_ text: String) -> ID? { Int64(text).map { ID($0) } }
    /// The number.
    public var keyText: String { "\(id.number)" }
}

extension UserModel where ID == UUID {
    /// Reads the UUID.
    public static func key(_ text: String) -> ID? { UUID(uuidString: text) }
    /// The UUID in lower case.
    public var keyText: String { id.uuidString.lowercased() }
}

extension UserModel where ID == String {
    /// The text itself.
    public static func key(_ text: String) -> ID? { text }
    /// The text itself.
    public var keyText: String { id }
}

extension User: UserModel {
    /// Django's list: the username, the first name, the last name and the email address.
    public var passwordAttributes: [PasswordAttribute] {
        [
            PasswordAttribute("username", username), PasswordAttribute("first name", firstName),
            PasswordAttribute("last name", lastName), PasswordAttribute("email address", email),
        ]
    }

    /// Reads the permissions of the user and of the user's groups with one query.
    public func permissions(in database: Database) async throws -> Set<String> {
        let names = try await database.query(
            """
            SELECT c.app_label, p.codename FROM auth_permission p
            JOIN django_content_type c ON c.id = p.content_type_id
            WHERE p.id IN (SELECT permission_id FROM auth_user_user_permissions WHERE user_id = \(id))
                OR p.id IN (
                    SELECT gp.permission_id FROM auth_group_permissions gp
                    JOIN auth_user_groups ug ON ug.group_id = gp.group_id WHERE ug.user_id = \(id))
            """
        ) { row throws(DatabaseError) in "\(try row.text(0)).\(try row.text(1))" }
        return Set(names)
    }
}

/// An error with users or logins.
public struct AccountError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The user model lacks a field.
        case userModel
        /// The site has no ``Accounts``, or no middleware has added a user to the scope.
        case noMiddleware
        /// The user is inactive or does not exist, so cannot log in.
        case inactive
        /// The username or the password is not valid.
        case invalid
        /// A user with that username exists.
        case taken
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
