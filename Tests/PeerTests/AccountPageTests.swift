import RedisServers
import TestFolders
import Testing

/// The account pages of the showcase in Chromium.
@Suite(.serialized) struct AccountPageTests {
    private static let key = "django-insecure-test-secret-key-0123456789"

    @Test func `a visitor signs up, chats as a user, logs out in all windows, and resets the password by mail`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let environment = [
                "DEBUG": "true", "SECRET_KEY": Self.key, "DATABASE_URL": "sqlite:///\(folder)/db.sqlite3",
                "EMAIL_BACKEND": "file", "EMAIL_FILE_PATH": folder + "/mail",
            ]
            try await Peer.run(try ShowcaseServer.program(), ["migrate", "--accounts"], environment: environment)
            try await ShowcaseServer.run(options: ["--accounts"], environment: environment) { server in
                try await Peer.python("browser/account_pages.py", server.host, folder + "/mail")
            }
        }
    }

    @Test func `createsuperuser hides the password in a terminal, and shows input again afterwards`() async throws {
        try await withTemporaryFolder { folder in
            let environment = [
                "DEBUG": "true", "SECRET_KEY": Self.key, "DATABASE_URL": "sqlite:///\(folder)/db.sqlite3",
                "USER": "root",
            ]
            let program = try ShowcaseServer.program()
            try await Peer.run(program, ["migrate", "--accounts"], environment: environment)
            try await Peer.run(
                Checkout.python, ["-B", Checkout.peer("python/superuser.py"), program], environment: environment)
        }
    }
}
