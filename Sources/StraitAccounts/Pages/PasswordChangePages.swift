internal import StraitRouting
internal import StraitCore
internal import StraitForms
public import StraitHTTP
internal import StraitPasswords
internal import StraitTemplates
public import StraitWeb

/// The page on which users change their password. Django's `PasswordChangeView`, with the template
/// `registration/password_change_form.html`. Wrap it in `loginRequired`, as ``AccountPages`` does.
///
/// The current session stays. All other sessions of the user end, and their sockets close.
public struct PasswordChangeView: GetView, PostView {
    /// Creates the page.
    public init() {}

    /// Shows the form.
    public func get(_ request: Request) async throws -> Response { try page(PasswordChangeForm(), request) }

    /// Stores the password, and redirects to the route `password_change_done`.
    public func post(_ request: Request) async throws -> Response {
        guard let account = try await request.user.account else { return try request.scope.redirectToLogin() }
        let accounts = try request.service(Accounts.self)
        let form = PasswordChangeForm()
        form.rules = accounts.rules
        form.attributes = account.passwordAttributes
        form.bind(try await request.form(limits: form.ownLimits(request)))
        guard try await form.confirms(account, request) else {
            return try page(form, request).retrying(after: form.wait)
        }
        let changed = try await accounts.set(form.new_password1.value, for: account)
        try await request.scope.updateSessionHash(changed)
        return try request.redirect(to: "password_change_done")
    }

    private func page(_ form: PasswordChangeForm, _ request: Request) throws -> Response {
        let rules = try request.service(Accounts.self).rulesList
        return try request.accountPage(
            "password_change_form.html", title: "Password change", form: form, ["password_rules": rules])
    }
}

/// The page after a password change. Django's `PasswordChangeDoneView`.
public struct PasswordChangeDoneView: GetView {
    /// Creates the page.
    public init() {}

    /// Shows `registration/password_change_done.html`.
    public func get(_ request: Request) async throws -> Response {
        try request.accountPage("password_change_done.html", title: "Password change successful")
    }
}

extension Accounts {
    /// Stores a new password, and returns the changed user. The user's sessions end, because their hash no
    /// longer matches.
    ///
    /// - Parameters:
    ///   - password: The password, or nil for none. It is not checked against the rules.
    ///   - account: The user.
    /// - Throws: `DatabaseError`; `ThreadPoolError`; ``AccountError/Code/inactive`` if the user no longer
    ///   exists.
    @discardableResult
    public func set(_ password: String?, for account: any UserModel) async throws -> any UserModel {
        let context = try context
        var changed = account
        changed.password = try await context.passwords.hash(password)
        guard try await changed.store(password: changed.password, in: context.database) else {
            throw AccountError(.inactive, "The user '\(account.username)' no longer exists.")
        }
        return changed
    }
}
