internal import StraitRouting
internal import StraitCore
internal import StraitForms
public import StraitHTTP
internal import StraitTemplates
public import StraitWeb

/// The login page. Django's `LoginView`, with the template `registration/login.html`.
public struct LoginView: GetView, PostView {
    private let makeForm: @Sendable () -> AuthenticationForm
    private let redirectsUsers: Bool

    /// Creates the page.
    ///
    /// - Parameters:
    ///   - form: The form, which may be a subclass of your own.
    ///   - redirectsUsers: Whether to redirect users who are already logged in; Django's `redirect_authenticated_user`.
    public init(
        form: @autoclosure @escaping @Sendable () -> AuthenticationForm = AuthenticationForm(),
        redirectsUsers: Bool = false
    ) {
        makeForm = form
        self.redirectsUsers = redirectsUsers
    }

    /// Shows the form.
    public func get(_ request: Request) async throws -> Response {
        if redirectsUsers, try await request.user.isAuthenticated {
            return .redirect(to: try target(request, request.nextPage(nil)))
        }
        return try page(makeForm(), request, request.nextPage(nil))
    }

    /// Logs the user in, and redirects to the URL in the parameter `next` or to `LOGIN_REDIRECT_URL`.
    public func post(_ request: Request) async throws -> Response {
        let form = makeForm()
        let data = try await request.form(limits: form.ownLimits(request))
        form.bind(data)
        let next = request.nextPage(data["next"])
        guard let login = try await form.authenticate(request) else {
            return try page(form, request, next).retrying(after: form.wait)
        }
        try await request.login(login)
        return .redirect(to: try target(request, next))
    }

    private func target(_ request: Request, _ next: String?) throws -> String {
        try next ?? request.scope.resolvedURL(\.loginRedirectURL)
    }

    private func page(_ form: AuthenticationForm, _ request: Request, _ next: String?) throws -> Response {
        try request.accountPage("login.html", title: "Log in", form: form, ["next": .string(next ?? "")])
    }
}

/// The logout page, for `POST` only. Django's `LogoutView`, with the template `registration/logged_out.html`.
public struct LogoutView: PostView {
    /// Creates the page.
    public init() {}

    /// Logs the user out. Redirects to the URL in the parameter `next` or to `LOGOUT_REDIRECT_URL`; otherwise shows a
    /// page.
    public func post(_ request: Request) async throws -> Response {
        let data = try await request.form(limits: Form().ownLimits(request))
        try await request.logout()
        if let next = request.nextPage(data["next"]) { return .redirect(to: next) }
        if let url = request.site?.settings.logoutRedirectURL {
            return .redirect(to: try request.scope.resolvedURL(url))
        }
        return try request.accountPage("logged_out.html", title: "Logged out")
    }
}

/// The page on which a visitor signs up, with the template `registration/signup.html`. The new user is logged in.
public struct SignUpView: GetView, PostView {
    private let makeForm: @Sendable () -> UserCreationForm

    /// Creates the page.
    ///
    /// - Parameter form: The form, which may be a subclass of your own.
    public init(form: @autoclosure @escaping @Sendable () -> UserCreationForm = UserCreationForm()) {
        makeForm = form
    }

    /// Shows the form.
    public func get(_ request: Request) async throws -> Response {
        try page(makeForm(), request, request.nextPage(nil))
    }

    /// Creates the user, and redirects to the URL in the parameter `next` or to `LOGIN_REDIRECT_URL`.
    public func post(_ request: Request) async throws -> Response {
        let accounts = try request.service(Accounts.self)
        let form = makeForm()
        let data = try await request.form(limits: form.ownLimits(request))
        form.rules = accounts.rules
        form.bind(data)
        let next = request.nextPage(data["next"])
        // Each new password costs a hash. Clients without an address, such as a proxy's, cannot be told apart.
        if form.isValid, let address = LoginThrottle.key(of: request.scope.client) {
            try await request.services.find(LoginThrottle.self)?.begin(username: "sign-up \(address)", address: nil)
        }
        guard let user = try await form.save(accounts) else { return try page(form, request, next) }
        try await request.login(AuthenticatedUser(user: user))
        return .redirect(to: try next ?? request.scope.resolvedURL(\.loginRedirectURL))
    }

    private func page(_ form: UserCreationForm, _ request: Request, _ next: String?) throws -> Response {
        let rules = try request.service(Accounts.self).rulesList
        return try request.accountPage(
            "signup.html", title: "Sign up", form: form, ["next": .string(next ?? ""), "password_rules": rules])
    }
}
