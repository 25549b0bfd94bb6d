import StraitAccounts
public import StraitRouting
public import StraitTemplates

/// The pages for users, under `accounts/`: login, logout, sign-up, and changing and resetting a password; Django's
/// `django.contrib.auth.urls`.
///
/// ```swift
/// var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), AccountsApp()] }
/// var middleware: MiddlewareList { .accounts }
/// ```
///
/// Their templates are in the folder `registration`. The site and the apps before this one can replace them with
/// templates of the same name.
public struct AccountsApp: App {
    private let prefix: String
    private let signup: Bool

    /// Creates the app.
    ///
    /// - Parameters:
    ///   - prefix: The prefix of the paths. If you change it, set `LOGIN_URL` too.
    ///   - signup: Whether any visitor may become a user.
    public init(prefix: String = "accounts/", signup: Bool = false) {
        self.prefix = prefix
        self.signup = signup
    }

    /// `accounts`.
    public var label: String { "accounts" }
    /// The pages, with Django's names.
    public var routes: [Route] { include(prefix, AccountPages.routes(signup: signup)) }
    /// The built-in templates.
    public var templates: [any TemplateLoader] { [AccountPages.templates] }
}
