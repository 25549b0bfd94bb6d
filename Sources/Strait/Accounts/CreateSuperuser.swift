import StraitAccounts
import StraitCommandLine
import StraitForms
import StraitHTTP
import StraitPasswords

/// Creates a user with all permissions; Django's `createsuperuser`.
struct CreateSuperuser: Command {
    static let name = "createsuperuser"
    static let summary = "Creates a user who has all permissions."

    var username: String?
    var email: String?
    var asksNothing = false

    static var options: [CommandOption<CreateSuperuser>] {
        [
            .value("--username", "NAME", "The name with which the user logs in.", \.username),
            .value("--email", "ADDRESS", "The email address.", \.email),
            .absence(
                "--noinput",
                "Do not ask. The username, the email address and the password come from the options or from "
                    + "DJANGO_SUPERUSER_USERNAME, _EMAIL and _PASSWORD. Without a password, the user cannot log in.",
                \.asksNothing),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let accounts = try context.services.get(Accounts.self)
        let form = asksNothing ? try await given(context, accounts) : try await asked(context, accounts)
        do {
            try await accounts.createUser(
                username: form.username, email: form.email, password: form.password, isStaff: true, isSuperuser: true)
        } catch let error as AccountError where error.code == .taken {
            throw CommandError(Self.taken(form.username))
        }
        context.print("Superuser created successfully.")
    }

    private struct Answers {
        var username: String
        var email: String
        var password: String?
    }

    private static func taken(_ name: String) -> String {
        "The username '\(name)' is already taken. Choose another one, or run changepassword."
    }

    // MARK: Without questions

    private func given(_ context: CommandContext, _ accounts: Accounts) async throws -> Answers {
        guard let username = username ?? context.environment["DJANGO_SUPERUSER_USERNAME"] else {
            throw CommandError("There is no username. Use --username, or set DJANGO_SUPERUSER_USERNAME.")
        }
        guard let email = email ?? context.environment["DJANGO_SUPERUSER_EMAIL"] else {
            throw CommandError("There is no email address. Use --email, or set DJANGO_SUPERUSER_EMAIL.")
        }
        if let problem = try await Self.problem(ofName: username, accounts) { throw CommandError(problem) }
        if let problem = Self.problem(ofEmail: email) { throw CommandError(problem) }
        return Answers(
            username: Self.cleaned(username), email: email, password: context.environment["DJANGO_SUPERUSER_PASSWORD"])
    }

    // MARK: With questions

    private func asked(_ context: CommandContext, _ accounts: Accounts) async throws -> Answers {
        guard context.input.isTerminal() else {
            throw CommandError(
                "A terminal is required to ask for a password. Use --noinput with --username and --email, and set "
                    + "DJANGO_SUPERUSER_PASSWORD.")
        }
        let name = try await askName(context, accounts)
        let email = try askEmail(context)
        let attributes = [PasswordAttribute("username", name), PasswordAttribute("email address", email)]
        while true {
            guard let password = try context.askNewPassword() else { continue }
            let errors = accounts.rules.errors(in: password, attributes)
            if errors.isEmpty { return Answers(username: Self.cleaned(name), email: email, password: password) }
            for error in errors { context.print(error.message) }
            let answer = try context.answer("Bypass password validation and create user anyway? [y/N]: ")
            if answer.lowercased() == "y" {
                return Answers(username: Self.cleaned(name), email: email, password: password)
            }
        }
    }

    private func askName(_ context: CommandContext, _ accounts: Accounts) async throws -> String {
        if let username {
            guard let problem = try await Self.problem(ofName: username, accounts) else { return username }
            context.print("Error: \(problem)")
        }
        var standard = context.environment["USER"] ?? ""
        if try await Self.problem(ofName: standard, accounts) != nil { standard = "" }
        let hint = standard.isEmpty ? "" : " (leave blank to use '\(standard)')"
        while true {
            let answer = try context.answer("Username\(hint): ")
            let name = answer.isEmpty ? standard : answer
            guard let problem = try await Self.problem(ofName: name, accounts) else { return name }
            context.print("Error: \(problem)")
        }
    }

    private func askEmail(_ context: CommandContext) throws -> String {
        if let email {
            guard let problem = Self.problem(ofEmail: email) else { return email }
            context.print("Error: \(problem)")
        }
        while true {
            let answer = try context.answer("Email address: ")
            guard let problem = Self.problem(ofEmail: answer) else { return answer }
            context.print("Error: \(problem)")
        }
    }

    // MARK: Checks

    /// The username as the form stores it: without surrounding spaces, and normalized.
    private static func cleaned(_ name: String) -> String {
        let form = UserCreationForm()
        form.bind(FormData(fields: QueryString([QueryString.Item(name: "username", value: name)])))
        return form.username.value
    }

    private static func problem(ofName name: String, _ accounts: Accounts) async throws -> String? {
        let form = UserCreationForm()
        form.bind(FormData(fields: QueryString([QueryString.Item(name: "username", value: name)])))
        if let error = form.username.errors.first { return error.message }
        return try await accounts.isTaken(form.username.value) ? taken(name) : nil
    }

    private static func problem(ofEmail email: String) -> String? {
        let form = UserCreationForm()
        form.bind(FormData(fields: QueryString([QueryString.Item(name: "email", value: email)])))
        return form.email.errors.first?.message
    }
}
