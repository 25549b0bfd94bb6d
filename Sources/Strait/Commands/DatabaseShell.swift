internal import Glibc
import StraitCommandLine
import StraitDatabase

/// Runs the database's own command-line program; Django's `dbshell`.
struct DatabaseShell: Command {
    static let name = "dbshell"
    static let summary = "Runs sqlite3 or psql on the database."
    static let startsServices = false

    var database = "default"

    static var options: [CommandOption<DatabaseShell>] {
        [.value("--database", "NAME", "The database (default: default).", \.database)]
    }

    func run(_ context: CommandContext) async throws {
        let settings = context.settings
        let setting = database == "default" ? "DATABASE_URL" : "DATABASE_URL_" + database.uppercased()
        let url = database == "default" ? settings.databaseURL ?? "sqlite:///db.sqlite3" : settings[setting]
        guard let url else { throw CommandError("There is no database '\(database)'. Set \(setting).") }
        let call: ShellCall
        do throws(DatabaseURLError) { call = ShellCall(try DatabaseURL(url)) } catch {
            throw CommandError("\(setting): \(error)")
        }
        try call.replaceProcess()
    }
}

/// A call of `sqlite3` or `psql`.
struct ShellCall: Equatable {
    var words: [String]
    /// Variables for the program. A password is here, because every user can read the arguments of a process.
    var environment: [String: String] = [:]

    init(_ url: DatabaseURL) {
        switch url {
        case .sqlite(let path): words = ["sqlite3", path]
        case .postgreSQL(let configuration):
            words = ["psql"]
            switch configuration.host {
            case .tcp(let host): words += ["-h", host]
            case .socket(let folder): words += ["-h", folder]
            }
            words += ["-p", "\(configuration.port)"]
            if let user = configuration.user { words += ["-U", user] }
            words += ["-d", configuration.database]
            environment["PGPASSWORD"] = configuration.password
            environment["PGSSLMODE"] = configuration.tls
        }
    }

    /// Replaces this process by the program.
    ///
    /// - Throws: `CommandError` if the program is not installed.
    func replaceProcess() throws(CommandError) {
        for (name, value) in environment { unsafe setenv(name, value, 1) }
        // SAFETY: the copies of the words live until the process is replaced, and are freed if that fails.
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        unsafe execvp(words[0], &arguments)
        unsafe arguments.forEach { unsafe free($0) }
        throw CommandError("\(words[0]) is not installed. Install it, or add its folder to PATH.")
    }
}
