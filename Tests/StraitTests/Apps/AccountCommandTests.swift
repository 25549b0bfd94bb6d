import StraitTesting
import Synchronization
import TestFolders
import Testing

@testable import Strait

private struct UserSite: Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp()] }
}

/// A run of a command whose questions are answered.
private struct AnsweredRun {
    let code: Int32
    let output: [String]
    let errors: [String]
    let questions: [String]

    init(
        _ words: [String], answers: [String?] = [], isTerminal: Bool = true, database: String,
        environment: [String: String] = [:]
    ) async {
        let rest = Mutex(answers)
        let printed = Mutex<(output: [String], errors: [String], questions: [String])>(([], [], []))
        let answer = { @Sendable (question: String) -> String? in
            printed.withLock { $0.questions.append(question) }
            return rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        var all = environment
        all["DATABASE_URL"] = "sqlite:///" + database
        all["SECRET_KEY"] = "a key for tests alone, which is long enough and has enough characters"
        let program = Program(
            name: "site", site: UserSite(), environment: all,
            input: CommandInput(
                isTerminal: { isTerminal }, line: answer, hiddenLine: { answer("hidden: " + $0) }),
            output: { line in printed.withLock { $0.output.append(line) } },
            errors: { line in printed.withLock { $0.errors.append(line) } })
        code = await program.run(words)
        (output, errors, questions) = printed.withLock { $0 }
    }
}

@Suite struct `Commands for users` {
    private func withUsers(_ body: (_ database: String, _ user: (String) async throws -> User) async throws -> Void)
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder + "/db.sqlite3"
            let migrated = await AnsweredRun(["migrate"], database: path)
            #expect(migrated.code == 0, "\(migrated.errors)")
            try await body(path) { name in
                let database = try Database(url: "sqlite:///" + path)
                let user = try await User.objects.filter { $0.username == name }.get(in: database)
                await database.stop()
                return user
            }
        }
    }

    @Test func `createsuperuser asks until the answers are valid`() async throws {
        try await withUsers { database, user in
            let run = await AnsweredRun(
                ["createsuperuser"],
                answers: [
                    "a b", "ann", "nowhere", "ann@example.com", "one", "two", " ", " ", "12345", "12345", "n",
                    "blue-ferry-9", "blue-ferry-9",
                ], database: database, environment: ["USER": "root"])
            #expect(run.code == 0, "\(run.errors)")
            #expect(
                run.questions == [
                    "Username (leave blank to use 'root'): ", "Username (leave blank to use 'root'): ",
                    "Email address: ", "Email address: ", "hidden: Password: ", "hidden: Password (again): ",
                    "hidden: Password: ", "hidden: Password (again): ", "hidden: Password: ",
                    "hidden: Password (again): ", "Bypass password validation and create user anyway? [y/N]: ",
                    "hidden: Password: ", "hidden: Password (again): ",
                ])
            #expect(run.output.contains("Error: Enter a valid email address."))
            #expect(run.output.contains("Error: Your passwords didn't match."))
            #expect(run.output.contains("Error: Blank passwords aren't allowed."))
            #expect(run.output.contains("This password is too short. It must contain at least 8 characters."))
            #expect(run.output.last == "Superuser created successfully.")
            let ann = try await user("ann")
            #expect(ann.isSuperuser && ann.isStaff && ann.isActive)
            #expect(ann.email == "ann@example.com")
            #expect(PBKDF2PasswordHasher().verifies("blue-ferry-9", ann.password))
            let taken = await AnsweredRun(
                ["createsuperuser", "--username", "Ann", "--email", ""], answers: [nil], database: database)
            #expect(taken.code == 1)
            #expect(taken.output.first?.hasPrefix("Error: The username 'Ann' is already taken.") == true)
            #expect(taken.errors == ["site: Operation cancelled."])
        }
    }

    @Test func `createsuperuser --noinput uses the environment, and says what is missing`() async throws {
        try await withUsers { database, user in
            let run = await AnsweredRun(
                ["createsuperuser", "--noinput"], database: database,
                environment: [
                    "DJANGO_SUPERUSER_USERNAME": "ann", "DJANGO_SUPERUSER_EMAIL": "ann@example.com",
                    "DJANGO_SUPERUSER_PASSWORD": "short",
                ])
            #expect(run.code == 0, "\(run.errors)")
            let ann = try await user("ann")
            #expect(PBKDF2PasswordHasher().verifies("short", ann.password))
            for (words, error) in [
                ([], "site: There is no username. Use --username, or set DJANGO_SUPERUSER_USERNAME."),
                (["--username", "b"], "site: There is no email address. Use --email, or set DJANGO_SUPERUSER_EMAIL."),
                (
                    ["--username", "ann", "--email", "a@b.com"],
                    "site: The username 'ann' is already taken. Choose another one, or run changepassword."
                ),
                (["--username", "b", "--email", "x"], "site: Enter a valid email address."),
            ] {
                let run = await AnsweredRun(["createsuperuser", "--noinput"] + words, database: database)
                #expect(run.code == 1)
                #expect(run.errors == [error])
            }
            let none = await AnsweredRun(
                ["createsuperuser", "--noinput", "--username", "b", "--email", "b@b.com"], database: database)
            #expect(none.code == 0)
            let bob = try await user("b")
            #expect(bob.password.hasPrefix("!"))
            let blind = await AnsweredRun(["createsuperuser"], isTerminal: false, database: database)
            #expect(
                blind.errors == [
                    """
                    site: A terminal is required to ask for a password. Use --noinput with --username and --email, and \
                    set DJANGO_SUPERUSER_PASSWORD.
                    """
                ])
        }
    }

    @Test func `changepassword asks three times`() async throws {
        try await withUsers { database, user in
            _ = await AnsweredRun(
                ["createsuperuser", "--noinput", "--username", "ann", "--email", "a@b.com"], database: database)
            let failed = await AnsweredRun(
                ["changepassword", "ann"], answers: ["a", "b", "12345", "12345", "x", "x"], database: database)
            #expect(failed.code == 1)
            #expect(
                failed.errors == [
                    "site: Aborting password change for user 'ann' after 3 attempts. Nothing was changed."
                ])
            let done = await AnsweredRun(
                ["changepassword", "ann"], answers: ["blue-ferry-9", "blue-ferry-9"], database: database)
            #expect(done.code == 0, "\(done.errors)")
            #expect(done.output.last == "Password changed successfully for user 'ann'")
            let changed = try await user("ann")
            #expect(PBKDF2PasswordHasher().verifies("blue-ferry-9", changed.password))
            let none = await AnsweredRun(["changepassword"], database: database, environment: ["USER": "eve"])
            #expect(none.errors == ["site: user 'eve' does not exist. Run createsuperuser to create one."])
        }
    }
}
