public import StraitForms
public import StraitHTTP

/// A form for a login with a username and a password. Django's `AuthenticationForm`.
///
/// ```swift
/// let form = try await AuthenticationForm(request)
/// if let login = try await form.authenticate(request) { try await request.login(login) }
/// ```
open class AuthenticationForm: Form {
    /// The username.
    public let username = UsernameField(widget: .text.attributes(["autofocus": ""]))
    /// The password.
    public let password = CharField(
        strip: false, widget: .password.attributes(["autocomplete": "current-password"]))
    /// The time that the visitor has to wait after too many failures, or nil.
    public private(set) var wait: Duration?

    /// Authenticates the user. Returns nil if the form is invalid, and adds an error to it if the username or the
    /// password is wrong or after too many failures.
    ///
    /// - Throws: The errors of `request.authenticate`, apart from `LoginThrottled`.
    public func authenticate(_ request: Request) async throws -> AuthenticatedUser? {
        guard isValid else { return nil }
        do {
            if let login = try await request.authenticate(username: username.value, password: password.value) {
                try confirmLoginAllowed(login.user)
                return login
            }
            addError(
                "Please enter a correct username and password. Note that both fields may be case-sensitive.",
                code: "invalid_login")
        } catch let error as LoginThrottled {
            wait = error.wait
            addError(error.description, code: "throttled")
        } catch let error as ValidationError {
            addError(error.message, code: error.code)
        }
        return nil
    }

    /// Rejects a user whose password is correct. Override it for your own policy; Django's `confirm_login_allowed`.
    ///
    /// - Throws: `ValidationError`, which the form shows. By default, it does so for a deactivated user.
    open func confirmLoginAllowed(_ user: any UserModel) throws {
        if !user.isActive { throw ValidationError("This account is inactive.", code: "inactive") }
    }

    /// 429 after too many failures, 422 for other errors, otherwise 200.
    override public var status: HTTPStatus { wait == nil ? super.status : .tooManyRequests }
}
