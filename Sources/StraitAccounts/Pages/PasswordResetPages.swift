internal import StraitSessions
internal import StraitRouting
internal import StraitCore
internal import FoundationEssentials
internal import StraitCrypto
internal import StraitForms
public import StraitHTTP
internal import StraitMail
internal import StraitTemplates
internal import StraitText
public import StraitWeb

/// The form for the email address of a user who has forgotten their password. Django's `PasswordResetForm`.
final class PasswordResetForm: Form {
    let email = EmailField(
        maxLength: 254, label: "Email", widget: .email.attributes(["autocomplete": "email", "autofocus": ""]))
}

/// The page that sends a link to reset a password. Django's `PasswordResetView`, with the templates
/// `registration/password_reset_form.html`, `password_reset_subject.txt` and `password_reset_email.html`.
///
/// The server looks up users and sends the mail after the response. Neither the content nor the time of the response
/// reveals whether an address belongs to a user.
public struct PasswordResetView: GetView, PostView {
    /// Creates the page.
    public init() {}

    /// Shows the form.
    public func get(_ request: Request) async throws -> Response { try page(PasswordResetForm(), request) }

    /// Sends the mail, and redirects to the route `password_reset_done`.
    public func post(_ request: Request) async throws -> Response {
        let form = PasswordResetForm()
        form.bind(try await request.form(limits: form.ownLimits(request)))
        guard form.isValid else { return try page(form, request) }
        guard let site = request.site else { return .notFound }
        let mail = PasswordResetMail(
            email: form.email.value, host: request.headers["host"] ?? "localhost", scheme: request.scope.scheme,
            site: site, accounts: try request.service(Accounts.self))
        // Too many requests get the same answer, so the answer tells nothing about the address.
        if try await request.countsAttempt("password reset \(mail.email.lowercased())") {
            try request.service(Mailer.self).sendLater { try await mail.messages() }
        }
        return try request.redirect(to: "password_reset_done")
    }

    private func page(_ form: PasswordResetForm, _ request: Request) throws -> Response {
        try request.accountPage("password_reset_form.html", title: "Password reset", form: form)
    }
}

/// The mail with a link to reset a password.
private struct PasswordResetMail: Sendable {
    let email: String
    let host: String
    let scheme: String
    let site: SiteContext
    let accounts: Accounts

    /// Returns a message for each active user with the address.
    func messages() async throws -> [EmailMessage] {
        let context = try accounts.context
        let tokens = PasswordResetTokens(site.settings, now: accounts.now)
        var messages: [EmailMessage] = []
        for user in try await context.model.active(withEmail: email, in: context.database) {
            // The database may ignore differences other than case.
            guard Self.folded(user.email) == Self.folded(email) else { continue }
            let values: [String: TemplateValue] = [
                "email": .string(user.email), "domain": .string(host), "site_name": .string(host),
                "uid": .string(Base64.urlSafe.encode(Array(user.keyText.utf8).span)),
                "user": .object(UserObject(RequestUser(user, in: context.database))),
                "token": .string(tokens.token(for: user)), "protocol": .string(scheme),
            ]
            let subject = try site.templates.render("registration/password_reset_subject.txt", values)
            let body = try site.templates.render("registration/password_reset_email.html", values)
            let line = subject.split(whereSeparator: \.isNewline).joined()
            messages.append(EmailMessage(PythonText.stripped(line), PythonText.stripped(body) + "\n", to: [user.email]))
        }
        return messages
    }

    private static func folded(_ text: String) -> [UInt8] { Array(text.lowercased().utf8) }
}

/// The page after a request for a link. Django's `PasswordResetDoneView`.
public struct PasswordResetDoneView: GetView {
    /// Creates the page.
    public init() {}

    /// Shows `registration/password_reset_done.html`.
    public func get(_ request: Request) async throws -> Response {
        try request.accountPage("password_reset_done.html", title: "Password reset sent")
    }
}

/// The page on which a user with a link chooses a new password. Django's `PasswordResetConfirmView`, with the template
/// `registration/password_reset_confirm.html`.
///
/// The token moves from the path into the session, and the browser is redirected to `…/set-password/`. Neither a
/// `Referer` header nor a history then contains a token that is still valid.
public struct PasswordResetConfirmView: GetView, PostView {
    private static let sessionName = "_password_reset_token"
    private static let pathToken = "set-password"

    /// Creates the page.
    public init() {}

    /// Stores the token in the session and redirects, or shows the form.
    public func get(_ request: Request) async throws -> Response {
        guard let user = try await user(request) else { return try unsuccessful(request) }
        let token: String = try request.urlRoute["token"]
        if token == Self.pathToken {
            guard try await isAccepted(user, request) else { return try unsuccessful(request) }
            return try page(SetPasswordForm(), request)
        }
        guard try tokens(request).accepts(token, for: user) else { return try unsuccessful(request) }
        let session = try await request.session
        session[Self.sessionName] = token
        let uid: String = try request.urlRoute["uidb64"]
        var response = try request.redirect(
            to: "password_reset_confirm", ["uidb64": uid, "token": Self.pathToken])
        response.headers["referrer-policy"] = "same-origin"
        response.headers["cache-control"] = "max-age=0, no-cache, no-store, must-revalidate, private"
        return response
    }

    /// Stores the password, and redirects to the route `password_reset_complete`.
    public func post(_ request: Request) async throws -> Response {
        guard let user = try await user(request), try request.urlRoute["token"] == Self.pathToken,
            try await isAccepted(user, request)
        else { return try unsuccessful(request) }
        let accounts = try request.service(Accounts.self)
        let form = SetPasswordForm()
        form.rules = accounts.rules
        form.attributes = user.passwordAttributes
        form.bind(try await request.form(limits: form.ownLimits(request)))
        guard form.isValid else { return try page(form, request) }
        try await accounts.set(form.new_password1.value, for: user)
        try await request.session[Self.sessionName] = nil
        await request.services.find(SocketWatch.self)?.end(user: user.keyText)
        return try request.redirect(to: "password_reset_complete")
    }

    private func tokens(_ request: Request) throws -> PasswordResetTokens {
        PasswordResetTokens(request.site?.settings ?? Settings(), now: try request.service(Accounts.self).now)
    }

    /// Whether the token in the session is valid for the user.
    private func isAccepted(_ user: any UserModel, _ request: Request) async throws -> Bool {
        guard let token = try await request.session[Self.sessionName] else { return false }
        return try tokens(request).accepts(token, for: user)
    }

    /// The user whom `uidb64` in the path identifies, or nil.
    private func user(_ request: Request) async throws -> (any UserModel)? {
        let uid: String = try request.urlRoute["uidb64"]
        guard uid.utf8.count <= 1000, let bytes = Base64.urlSafe.decode(uid),
            let key = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let context = try request.service(Accounts.self).context
        return try await context.model.user(key, in: context.database)
    }

    private func page(_ form: SetPasswordForm, _ request: Request) throws -> Response {
        let rules = try request.service(Accounts.self).rulesList
        return try request.accountPage(
            "password_reset_confirm.html", title: "Enter new password", form: form,
            ["validlink": true, "password_rules": rules])
    }

    private func unsuccessful(_ request: Request) throws -> Response {
        try request.accountPage(
            "password_reset_confirm.html", title: "Password reset unsuccessful", ["validlink": false])
    }
}

/// The page after a password reset. Django's `PasswordResetCompleteView`.
public struct PasswordResetCompleteView: GetView {
    /// Creates the page.
    public init() {}

    /// Shows `registration/password_reset_complete.html`.
    public func get(_ request: Request) async throws -> Response {
        try request.accountPage(
            "password_reset_complete.html", title: "Password reset complete",
            ["login_url": .string(try request.scope.resolvedURL(\.loginURL))])
    }
}
