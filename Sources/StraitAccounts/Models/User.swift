public import FoundationEssentials
public import StraitDatabase
public import StraitModels

/// A user; Django's `User`, with its table `auth_user`.
@Model(app: "auth", id: .auto)
public struct User: CustomStringConvertible {
    /// The hash of the password, or text that matches no password.
    @MaxLength(128) @Label("password") public var password: String
    /// The time of the last login, or nil.
    @Label("last login") public var lastLogin: Date?
    /// Whether the user has all permissions.
    @Label(
        "superuser status", help: "Designates that this user has all permissions without explicitly assigning them.")
    public var isSuperuser: Bool = false
    /// The name that the user logs in with.
    @MaxLength(150) @Unique
    @Label("username", help: "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.")
    public var username: String
    /// The first name, or an empty string.
    @MaxLength(150) @Blank @Label("first name") public var firstName: String = ""
    /// The last name, or an empty string.
    @MaxLength(150) @Blank @Label("last name") public var lastName: String = ""
    /// The email address, or an empty string.
    @Email @Blank @Label("email address") public var email: String = ""
    /// Whether the user may use Django's admin site.
    @Label("staff status", help: "Designates whether the user can log into this admin site.")
    public var isStaff: Bool = false
    /// Whether the user may log in. Deactivate users instead of deleting them.
    @Label(
        "active",
        help: "Designates whether this user should be treated as active. Unselect this instead of deleting accounts.")
    public var isActive: Bool = true
    /// The time at which the user was created.
    @AutoNowAdd @Label("date joined") public var dateJoined: Date
    /// The groups of the user. The user has all of their permissions.
    @ManyToMany @Blank
    @Label(
        "groups",
        help: "The groups this user belongs to. A user will get all permissions granted to each of their groups.")
    public var groups: Links<User.Group>
    /// The user's own permissions, in addition to those of the groups.
    @ManyToMany @Blank @Label("user permissions", help: "Specific permissions for this user.")
    public var userPermissions: Links<Permission>

    /// The username.
    public var description: String { username }
}
