import StraitAccounts
import StraitCommandLine

/// Changes the password of a user; Django's `changepassword`.
struct ChangePassword: Command {
    static let name = "changepassword"
    static let summary = "Changes a user's password."
    /// The number of attempts; Django's `MAX_TRIES`.
    private static let attempts = 3

    var username: String?

    static var options: [CommandOption<ChangePassword>] {
        [.argument("USERNAME", "The username; by default, that of the current system user.", \.username)]
    }

    func run(_ context: CommandContext) async throws {
        guard let name = username ?? context.environment["USER"] else {
            throw CommandError("There is no username. Run changepassword USERNAME.")
        }
        let accounts = try context.services.get(Accounts.self)
        guard let user = try await accounts.user(named: name) else {
            throw CommandError("user '\(name)' does not exist. Run createsuperuser to create one.")
        }
        guard context.input.isTerminal() else {
            throw CommandError("A terminal is required to ask for a password. Run changepassword in one.")
        }
        context.print("Changing password for user '\(user.username)'")
        for _ in 0..<Self.attempts {
            guard let password = try context.askNewPassword() else { continue }
            let errors = accounts.rules.errors(in: password, user.passwordAttributes)
            if errors.isEmpty {
                try await accounts.set(password, for: user)
                return context.print("Password changed successfully for user '\(user.username)'")
            }
            for error in errors { context.print(error.message) }
        }
        throw CommandError(
            "Aborting password change for user '\(user.username)' after \(Self.attempts) attempts. Nothing was changed."
        )
    }
}

extension CommandContext {
    /// Asks a question.
    ///
    /// - Throws: `CommandError` at the end of the input.
    func answer(_ question: String) throws -> String {
        guard let line = input.line(question) else { throw CommandError("Operation cancelled.") }
        return line
    }

    /// Asks for a new password twice. Prints a message and returns nil if the answers differ or are blank.
    ///
    /// - Throws: `CommandError` at the end of the input.
    func askNewPassword() throws -> String? {
        guard let first = input.hiddenLine("Password: "), let second = input.hiddenLine("Password (again): ") else {
            throw CommandError("Operation cancelled.")
        }
        if !first.utf8.elementsEqual(second.utf8) {
            print("Error: Your passwords didn't match.")
            return nil
        }
        if first.allSatisfy(\.isWhitespace) {
            print("Error: Blank passwords aren't allowed.")
            return nil
        }
        return first
    }
}
