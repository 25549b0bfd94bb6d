public import StraitCore
public import StraitMigrations
public import StraitModels
import StraitCommandLine
import StraitSessions
public import StraitWeb

/// Sessions, with the table of Django's app `sessions`, `django.contrib.sessions`.
///
/// ```swift
/// var installedApps: [any App] { [SessionsApp(), ChatApp()] }
/// var middleware: MiddlewareList {
///     .standard.inserting(SessionMiddleware.init, before: CSRFViewMiddleware.self)
/// }
/// ```
///
/// The setting `SESSION_ENGINE` chooses the session store; the default is the database. The command `clearsessions`
/// deletes expired sessions.
public struct SessionsApp: App {
    /// Creates the app.
    public init() {}

    /// `sessions`.
    public var label: String { "sessions" }
    /// The model of `django_session`.
    public var models: [any Model.Type] { SessionSchema.models }
    /// The migrations, with Django's names.
    public var migrations: [any Migration.Type] { SessionSchema.migrations }
    /// `clearsessions`.
    public var commands: [any Command.Type] { [ClearSessions.self] }

    /// Returns the `Sessions` service for the settings.
    public func services(_ settings: Settings) throws -> [any Service] { [Sessions(settings)] }
}

/// Deletes expired sessions; Django's `clearsessions`. Run it once a day.
struct ClearSessions: Command {
    static let name = "clearsessions"
    static let summary = "Deletes expired sessions."

    func run(_ context: CommandContext) async throws {
        let count = try await context.services.get(Sessions.self).clearExpired()
        context.print("Deleted \(count) expired session\(count == 1 ? "" : "s").")
    }
}
