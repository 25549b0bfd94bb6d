internal import StraitCore
internal import StraitHTTP
internal import StraitSessions
internal import StraitTemplates
public import StraitWeb

extension ContextProcessor {
    /// The user of the page, for all templates: `{{ user.username }}` and `{% if perms.gallery.add_photo %}`; Django's
    /// `auth` context processor.
    ///
    /// For a visitor with a session, the user and the permissions are read before the view runs. An error page that
    /// is sent before that shows no user.
    public static let auth = ContextProcessor(
        ifNeeded: { scope in scope[UserSource.self] != nil && scope.hasSessionCookie },
        load: { scope in _ = try await scope.user.permissions },
        values: { request in
            let user = request.scope[UserSource.self]?.known ?? .anonymous
            return ["user": .object(UserObject(user)), "perms": .object(PermissionsObject(user: user))]
        })
}

/// A user as seen by templates. It has no password.
struct UserObject: TemplateObject {
    private let user: RequestUser

    init(_ user: RequestUser) { self.user = user }

    subscript(member name: String) -> TemplateValue? {
        switch name {
        case "username", "get_username": .string(user.username)
        case "is_authenticated": .bool(user.isAuthenticated)
        case "is_anonymous": .bool(user.isAnonymous)
        case "is_active": .bool(user.isActive)
        case "is_staff": .bool(user.isStaff)
        case "is_superuser": .bool(user.isSuperuser)
        case "id", "pk": id
        case "email": .string(user.account?.email ?? "")
        case "first_name": .string(user.as(User.self)?.firstName ?? "")
        case "last_name": .string(user.as(User.self)?.lastName ?? "")
        case "get_full_name": .string(fullName)
        case "get_short_name": .string(user.as(User.self)?.firstName ?? "")
        default: nil
        }
    }

    private var id: TemplateValue {
        guard let text = user.id else { return TemplateValue.none }
        return Int(text).map { .int($0) } ?? .string(text)
    }

    private var fullName: String {
        guard let user = user.as(User.self) else { return "" }
        return [user.firstName, user.lastName].filter { !$0.isEmpty }.joined(separator: " ")
    }

    var templateText: String { "\(user)" }
}

/// The permissions of a user as seen by templates: `perms.gallery` and `perms.gallery.add_photo`.
struct PermissionsObject: TemplateObject {
    let user: RequestUser

    subscript(member app: String) -> TemplateValue? { .object(AppPermissionsObject(user: user, app: app)) }
    var templateText: String { "PermWrapper(\(user))" }
}

/// The permissions of a user in one app.
struct AppPermissionsObject: TemplateObject {
    let user: RequestUser
    let app: String

    private var names: Set<String> { user.isActive ? user.loadedPermissions : [] }
    private var hasAll: Bool { user.isActive && user.isSuperuser }

    subscript(member name: String) -> TemplateValue? { .bool(hasAll || names.contains("\(app).\(name)")) }
    var templateText: String { templateTruth ? "True" : "False" }
    var templateTruth: Bool { hasAll || names.contains { $0.hasPrefix(app + ".") } }
}
