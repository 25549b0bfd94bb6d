public import StraitForms
public import StraitHTTP
public import StraitPasswords

/// A new password, entered twice. Django's `SetPasswordForm`.
open class SetPasswordForm: Form {
    /// The new password.
    public let new_password1 = PasswordFields.first("New password")
    /// The new password again.
    public let new_password2 = PasswordFields.second("New password confirmation")
    /// The user's data that the password must not resemble. Set it before the form is validated.
    public var attributes: [PasswordAttribute] = []
    /// The rules for the password. Set them before the form is validated.
    public var rules = PasswordRules.standard

    /// Compares the passwords, and checks them against the rules.
    override open func clean() throws {
        PasswordFields.check(self, new_password1, new_password2, rules, attributes)
    }
}

/// A new password, and the old one. Django's `PasswordChangeForm`.
open class PasswordChangeForm: Form {
    /// The current password.
    public let old_password = CharField(
        strip: false, label: "Old password",
        widget: .password.attributes(["autocomplete": "current-password", "autofocus": ""]))
    /// The new password.
    public let new_password1 = PasswordFields.first("New password")
    /// The new password again.
    public let new_password2 = PasswordFields.second("New password confirmation")
    /// The user's data that the password must not resemble. Set it before the form is validated.
    public var attributes: [PasswordAttribute] = []
    /// The rules for the password. Set them before the form is validated.
    public var rules = PasswordRules.standard
    /// The time that the user has to wait after too many wrong passwords, or nil.
    public private(set) var wait: Duration?

    /// Compares the passwords, and checks them against the rules.
    override open func clean() throws {
        PasswordFields.check(self, new_password1, new_password2, rules, attributes)
    }

    /// Checks the old password. Returns whether the form is valid; otherwise, the form has an error.
    ///
    /// - Throws: The errors of `request.authenticate`, apart from `LoginThrottled`.
    public func confirms(_ user: any UserModel, _ request: Request) async throws -> Bool {
        _ = isValid
        guard old_password.errors.isEmpty else { return false }
        do {
            let login = try await request.authenticate(username: user.username, password: old_password.value)
            if login?.user.keyText != user.keyText {
                addError(
                    "Your old password was entered incorrectly. Please enter it again.", code: "password_incorrect",
                    to: old_password)
            }
        } catch let error as LoginThrottled {
            wait = error.wait
            addError(error.description, code: "throttled")
        }
        return isValid
    }

    /// 429 after too many wrong passwords, 422 for other errors, otherwise 200.
    override public var status: HTTPStatus { wait == nil ? super.status : .tooManyRequests }
}

/// The two fields for a new password, which several forms share.
enum PasswordFields {
    static func first(_ label: String) -> CharField {
        CharField(strip: false, label: label, widget: .password.attributes(["autocomplete": "new-password"]))
    }

    static func second(_ label: String) -> CharField {
        CharField(
            strip: false, label: label, help: "Enter the same password as before, for verification.",
            widget: .password.attributes(["autocomplete": "new-password"]))
    }

    static func check(
        _ form: Form, _ first: CharField, _ second: CharField, _ rules: PasswordRules,
        _ attributes: [PasswordAttribute]
    ) {
        let password = second.value
        if !first.value.isEmpty, !password.isEmpty, !first.value.utf8.elementsEqual(password.utf8) {
            return form.addError("The two password fields didn’t match.", code: "password_mismatch", to: second)
        }
        if password.isEmpty { return }
        for error in rules.errors(in: password, attributes) {
            form.addError(error.message, code: error.code, to: second)
        }
    }
}
