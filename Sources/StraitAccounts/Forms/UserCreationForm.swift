import Foundation
internal import StraitCore
internal import StraitModels
public import StraitDatabase
public import StraitForms
public import StraitPasswords

/// A form for a new user without privileges. Django's `UserCreationForm`, with an email address for password resets.
open class UserCreationForm: Form {
    /// The username.
    public let username = UsernameField(
        help: "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
        widget: .text.attributes(["autofocus": ""]), validators: [.username])
    /// The email address, which may be empty.
    public let email = EmailField(
        maxLength: 254, required: false, label: "Email address",
        widget: .email.attributes(["autocomplete": "email"]))
    /// The password.
    public let password1 = PasswordFields.first("Password")
    /// The password again.
    public let password2 = PasswordFields.second("Password confirmation")
    /// The rules for the password. Set them before the form is validated.
    public var rules = PasswordRules.standard

    /// Compares the passwords, and checks them against the rules.
    override open func clean() throws {
        let attributes = [
            PasswordAttribute("username", username.value), PasswordAttribute("email address", email.value),
        ]
        PasswordFields.check(self, password1, password2, rules, attributes)
    }

    /// Creates the user if the form is valid. Otherwise returns nil, and the form has an error, such as a username that
    /// is taken. The check for a taken username ignores case.
    ///
    /// - Throws: `DatabaseError`; `ThreadPoolError`; ``AccountError/Code/userModel`` if the user model cannot create
    ///   users.
    public func save(_ accounts: Accounts) async throws -> (any UserModel)? {
        guard isValid else { return nil }
        do {
            return try await accounts.createUser(
                username: username.value, email: email.value, password: password1.value)
        } catch let error as AccountError where error.code == .taken {
            addError(error.description, code: "unique", to: username)
            return nil
        }
    }
}

/// The values of a new user.
public struct NewAccount: Sendable {
    /// The name with which the user logs in.
    public var username: String
    /// The email address, or an empty string.
    public var email: String
    /// The hash of the password.
    public var password: String
    /// Whether the user belongs to the staff.
    public var isStaff = false
    /// Whether the user has all permissions.
    public var isSuperuser = false
}

extension Accounts {
    /// Returns the user with a username, or nil; Django's `get_by_natural_key`.
    public func user(named username: String) async throws -> (any UserModel)? {
        let context = try context
        return try await context.model.named(username, in: context.database)
    }

    /// Whether a user has a username, ignoring case.
    public func isTaken(_ username: String) async throws -> Bool {
        let context = try context
        return try await context.model.isTaken(username, in: context.database)
    }

    /// Creates a user; Django's `create_user`. The domain of the email address is stored in lower case.
    ///
    /// - Parameters:
    ///   - username: The name with which the user logs in.
    ///   - email: The email address, or an empty string.
    ///   - password: The password, or nil for a user who cannot log in with one. It is not checked against the rules.
    ///   - isStaff: Whether the user belongs to the staff.
    ///   - isSuperuser: Whether the user has all permissions.
    /// - Throws: ``AccountError/Code/taken`` if a user has the name, ignoring case; `DatabaseError`;
    ///   `ThreadPoolError`; ``AccountError/Code/userModel`` if the user model cannot create users.
    @discardableResult
    public func createUser(
        username: String, email: String = "", password: String?, isStaff: Bool = false, isSuperuser: Bool = false
    ) async throws -> any UserModel {
        let context = try context
        let username = username.precomposedStringWithCompatibilityMapping
        if username.isEmpty { throw AccountError(.invalid, "A user needs a username.") }
        guard try await !context.model.isTaken(username, in: context.database) else { throw AccountError.taken }
        var parts = email.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1 { parts[parts.count - 1] = parts[parts.count - 1].lowercased() }
        var account = NewAccount(
            username: username, email: parts.joined(separator: "@"),
            password: try await context.passwords.hash(password))
        account.isStaff = isStaff
        account.isSuperuser = isSuperuser
        do {
            return try await context.model.create(account, in: context.database)
        } catch let error as DatabaseError where error.code == .unique {
            throw AccountError.taken
        }
    }
}

extension AccountError {
    static let taken = AccountError(.taken, "A user with that username already exists.")
}

extension UserModel {
    /// Throws an error: a custom user model must implement this method, which sets the values of a new row.
    public static func create(_ account: NewAccount, in database: Database) async throws -> Self {
        throw AccountError(
            .userModel,
            "\(Self.self) cannot create users. Implement `static func create(_ account: NewAccount, in: Database)`.")
    }

    /// Whether a user has a name, ignoring case.
    static func isTaken(_ username: String, in database: Database) async throws -> Bool {
        guard !username.utf8.contains(0) else { return false }
        let column = try column("username")
        // SQLite knows upper case of ASCII letters only.
        let spellings = [username.lowercased(), username.uppercased(), username.capitalized]
        let rows = try await database.query(
            """
            SELECT 1 FROM \(identifier: table.name)
            WHERE UPPER(\(identifier: column)) = UPPER(\(username)) OR \(identifier: column) IN (\(list: spellings))
            LIMIT 1
            """
        ) { row throws(DatabaseError) in 1 }
        return !rows.isEmpty
    }

    /// Returns the active users with an email address, ignoring case, who have a usable password.
    static func active(withEmail email: String, in database: Database) async throws -> [Self] {
        guard !email.utf8.contains(0) else { return [] }
        let columns = table.fields.map { SQL.quoted($0.column) }.joined(separator: ", ")
        let column = try column("email")
        guard let key = table.fields.first(where: \.isPrimaryKey) else { return [] }
        // The oldest accounts come first: a stranger may have signed up with the address of another person.
        let isActive = table.fields.first { $0.property == "isActive" }
        let active: SQL = isActive.map { "AND \(identifier: $0.column) = \(true)" } ?? ""
        let users = try await database.query(
            """
            SELECT \(SQL(trusted: columns)) FROM \(identifier: table.name)
            WHERE UPPER(\(identifier: column)) = UPPER(\(email)) \(active)
            ORDER BY \(identifier: key.column) LIMIT 10
            """
        ) { row throws(DatabaseError) in try Self(row: row, at: 0) }
        return users.filter { $0.isActive && PasswordHashers.isUsable($0.password) }
    }
}

extension User {
    /// Creates the row of a user.
    public static func create(_ account: NewAccount, in database: Database) async throws -> User {
        try await database.create(
            User.Draft(
                password: account.password, isSuperuser: account.isSuperuser, username: account.username,
                email: account.email, isStaff: account.isStaff))
    }
}
