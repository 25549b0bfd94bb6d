import StraitAccounts
public import StraitCore
public import StraitMigrations
public import StraitModels
import StraitCommandLine
public import StraitWeb

/// Access tokens for programs without cookies; see ``/StraitAccounts/AccessTokens``.
///
/// ```swift
/// var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), TokensApp()] }
/// ```
///
/// The command `cleartokens` deletes expired tokens.
public struct TokensApp: App {
    private let lifetime: Duration

    /// Creates the app.
    ///
    /// - Parameter lifetime: The time until a new token expires.
    public init(lifetime: Duration = .seconds(30 * 86_400)) { self.lifetime = lifetime }

    /// `tokens`.
    public var label: String { "tokens" }
    /// The model of stored tokens.
    public var models: [any Model.Type] { TokenSchema.models }
    /// The migrations.
    public var migrations: [any Migration.Type] { TokenSchema.migrations }
    /// `cleartokens`.
    public var commands: [any Command.Type] { [ClearTokens.self] }

    /// Returns the access token service.
    public func services(_ settings: Settings) throws -> [any Service] { [AccessTokens(settings, lifetime: lifetime)] }
}

/// Deletes expired access tokens. Run it once a day.
struct ClearTokens: Command {
    static let name = "cleartokens"
    static let summary = "Deletes expired access tokens."

    func run(_ context: CommandContext) async throws {
        let count = try await context.services.get(AccessTokens.self).clearExpired()
        context.print("Deleted \(count) expired access token\(count == 1 ? "" : "s").")
    }
}
