import Foundation
import Strait
import StraitTesting
import Testing

@Suite struct `Password reset tokens` {
    private func user(_ database: Database) async throws -> User {
        try await database.create(User.Draft(password: "hash", username: "ann", email: "ann@example.com"))
    }

    @Test func `a token is valid for three days, for one user, one password and one email address`() async throws {
        try await withDoor { site, database in
            var user = try await database.create(
                User.Draft(password: "hash", username: "ann", email: "ann@example.com"))
            let start = Date(timeIntervalSince1970: 1_700_000_000)
            func tokens(_ days: Double) -> PasswordResetTokens {
                PasswordResetTokens(site.settings, now: { start.addingTimeInterval(days * 86_400) })
            }
            let token = tokens(0).token(for: user)
            #expect(tokens(0).accepts(token, for: user))
            #expect(tokens(3).accepts(token, for: user))
            #expect(!tokens(3.001).accepts(token, for: user))
            let other = try await database.create(User.Draft(password: "hash", username: "bob"))
            #expect(!tokens(0).accepts(token, for: other))
            user.email = "else@example.com"
            #expect(!tokens(0).accepts(token, for: user))
            user.email = "ann@example.com"
            user.password = "another"
            #expect(!tokens(0).accepts(token, for: user))
        }
    }

    @Test func `text that is not a token is rejected`() async throws {
        try await withDoor { site, database in
            let user = try await database.create(User.Draft(password: "hash", username: "ann"))
            let tokens = PasswordResetTokens(site.settings)
            let token = tokens.token(for: user)
            let bad = [
                "", "-", "a-", "-b", "a-b-c", "+1-b", "zzzzzzzzzzzzzz-0", "99999999999999999999-0", "é-ü",
                String(repeating: "a", count: 10_000), token + "0", token.uppercased(),
            ]
            for text in bad { #expect(!tokens.accepts(text, for: user), "\(text.prefix(50))") }
            for place in token.indices { #expect(!tokens.accepts(String(token[..<place]), for: user)) }
        }
    }
}
