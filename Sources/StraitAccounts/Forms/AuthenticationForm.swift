public import StraitForms
public import StraitHTTP

/// A login with a username and a password. Django's `AuthenticationForm`.
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

    /// Returns the user of a valid form, or nil. The form then has the error: a wrong username or password, or too many
    /// failures.
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

    /// Refuses a user whose password is right. Override it for a policy of your own; Django's `confirm_login_allowed`.
    ///
    /// - Throws: `ValidationError`, which the form shows. By default, for a user who is deactivated.
    open func confirmLoginAllowed(_ user: any UserModel) throws {
        if !user.isActive { throw ValidationError("This account is inactive.", code: "inactive") }
    }

    /// 429 after too many failures, 422 for other errors, or else 200.
    override public var status: HTTPStatus { wait == nil ? super.status : .tooManyRequests }
}
