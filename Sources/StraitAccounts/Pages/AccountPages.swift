public import StraitRouting
public import StraitTemplates

/// The routes and templates of the account pages; Django's `django.contrib.auth.urls`.
///
/// `AccountsApp` installs them under `accounts/`. To use another prefix, include the routes yourself:
/// `include("members/", AccountPages.routes())`.
public enum AccountPages {
    /// Returns the routes with Django's names: `login`, `logout`, `password_change`, `password_change_done`,
    /// `password_reset`, `password_reset_done`, `password_reset_confirm` and `password_reset_complete`.
    ///
    /// - Parameter signup: Whether to add the page `signup`, on which any visitor can become a user.
    public static func routes(signup: Bool = false) -> [Route] {
        [
            path("login/", LoginView(), name: "login"),
            path("logout/", LogoutView(), name: "logout"),
            path("password_change/", loginRequired(PasswordChangeView()), name: "password_change"),
            path("password_change/done/", loginRequired(PasswordChangeDoneView()), name: "password_change_done"),
            path("password_reset/", PasswordResetView(), name: "password_reset"),
            path("password_reset/done/", PasswordResetDoneView(), name: "password_reset_done"),
            path("reset/<uidb64>/<token>/", PasswordResetConfirmView(), name: "password_reset_confirm"),
            path("reset/done/", PasswordResetCompleteView(), name: "password_reset_complete"),
        ] + (signup ? [path("signup/", SignUpView(), name: "signup")] : [])
    }

    /// The built-in templates, with Django's names in the folder `registration`. A site's template with the same name
    /// replaces a built-in one. All pages fill the block `account` of `registration/base.html`, so replacing that
    /// template gives all of them the look of the site.
    public static var templates: any TemplateLoader { EmbeddedLoader(AccountTemplates.texts) }
}
