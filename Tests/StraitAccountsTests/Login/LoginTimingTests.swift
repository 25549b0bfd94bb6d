import Foundation
import Strait
import StraitTesting
import Testing

@testable import StraitAccounts

@Suite struct `Duration of logins` {
    /// Returns the middle duration of calls.
    private func median(_ durations: [Duration]) -> Duration { durations.sorted()[durations.count / 2] }

    /// With `STRAIT_ROUNDS=100`, there are 2,000 tries each, and the times may differ by 3 %.
    @Test func `a login takes as long for an unknown user as for a wrong password`() async throws {
        let rounds = ProcessInfo.processInfo.environment["STRAIT_ROUNDS"].flatMap { Int($0) } ?? 1
        try await TestSite(SlowDoorSite()) { site in
            let database = try site.services.get(Database.self)
            let hash = SlowDoorSite.hasher.hash("s3cret")
            for index in 0..<20 {
                _ = try await database.create(User.Draft(password: hash, username: "user \(index)"))
            }
            let accounts = try site.services.get(Accounts.self)
            let clock = ContinuousClock()
            var (known, unknown): ([Duration], [Duration]) = ([], [])
            for index in 0..<20 * rounds {
                for (prefix, isKnown) in index % 2 == 0
                    ? [("user", true), ("nobody", false)] : [("nobody", false), ("user", true)]
                {
                    let time = try await clock.measure {
                        let user = try await accounts.authenticate(
                            username: "\(prefix) \(index % 20)", password: "wrong")
                        #expect(user == nil)
                    }
                    if isKnown { known.append(time) } else { unknown.append(time) }
                }
            }
            let ratio = median(unknown) / median(known)
            // A few tries on a busy machine show only whether a hash is missing.
            let bounds = rounds >= 100 ? 0.97...1.03 : 0.2...5
            #expect(bounds.contains(ratio), "\(ratio)")
        }
    }
}

private struct SlowDoorSite: Site {
    static let hasher = PBKDF2PasswordHasher(iterations: 20_000)
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(hashers: [Self.hasher]), SessionsApp()] }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] { [] }
}
