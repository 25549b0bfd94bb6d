import StraitForms
import StraitPasswords
import Testing

@Suite struct `Password rules` {
    @Test func `the standard rules are Django's`() {
        let ann = [
            PasswordAttribute("username", "ann.smith"), PasswordAttribute("email address", "ann@example.com"),
            PasswordAttribute("first name", ""),
        ]
        let errors: [(String, [String])] = [
            ("kM3-ww9!", []),
            ("aB3$", ["password_too_short"]),
            ("password1", ["password_too_common"]),
            (" PASSWORD1 ", ["password_too_common"]),
            ("12345678", ["password_too_common", "password_entirely_numeric"]),
            ("9823471093", ["password_entirely_numeric"]),
            ("٣٤٥٦٧٨٩٠", ["password_entirely_numeric"]),
            ("annsmith", ["password_too_similar"]),
            ("Smith.Ann", ["password_too_similar"]),
            ("example!", ["password_too_similar"]),
            ("", ["password_too_short"]),
        ]
        for (password, codes) in errors {
            #expect(PasswordRules.standard.errors(in: password, ann).map(\.code) == codes, "\(password)")
        }
        #expect(PasswordRules.standard.errors(in: "annsmith").isEmpty)
    }

    @Test func `the help and error texts are Django's`() {
        let rules = PasswordRules.standard
        #expect(
            rules.helpTexts == [
                "Your password can’t be too similar to your other personal information.",
                "Your password must contain at least 8 characters.",
                "Your password can’t be a commonly used password.", "Your password can’t be entirely numeric.",
            ])
        #expect(
            rules.errors(in: "1234", [PasswordAttribute("user name", "1234")]).map(\.message) == [
                "The password is too similar to the user name.",
                "This password is too short. It must contain at least 8 characters.", "This password is too common.",
                "This password is entirely numeric.",
            ])
        #expect(MinimumLengthValidator(1).helpText == "Your password must contain at least 1 character.")
    }

    @Test func `a site can have a list of its own`() {
        let rules = PasswordRules([CommonPasswordValidator(["Strait "])])
        #expect(rules.errors(in: "STRAIT").map(\.code) == ["password_too_common"])
        #expect(rules.errors(in: "password1").isEmpty)
    }

    @Test func `a long password is compared with short attributes without delay`() {
        let long = String(repeating: "a", count: 100_000)
        #expect(PasswordRules.standard.errors(in: long, [PasswordAttribute("username", "a")]).isEmpty)
    }
}
