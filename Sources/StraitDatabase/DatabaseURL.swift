internal import StraitCore
internal import StraitHTTP

/// The URL of a database, in the form of Django's `DATABASE_URL` and of libpq.
package enum DatabaseURL: Sendable, Equatable {
    /// An SQLite file, or `:memory:`.
    case sqlite(path: String)
    /// A PostgreSQL database.
    case postgreSQL(PostgresConfiguration)

    /// Reads a URL. User, password, host, name and parameters are percent-decoded.
    package init(_ url: String) throws(DatabaseURLError) {
        let parts = URLParts(url)
        switch parts.scheme?.lowercased() {
        case "sqlite", "sqlite3": self = .sqlite(path: try Self.file(parts, url))
        case "postgres", "postgresql": self = .postgreSQL(try Self.server(parts, url))
        case let scheme?:
            throw .init(
                "The scheme '\(scheme)' of the database's URL is not known. Write "
                    + "postgres://user:password@host:5432/name or sqlite:///file.db.")
        case nil:
            throw .init(
                "The database's URL has no scheme. Write postgres://user:password@host:5432/name or "
                    + "sqlite:///file.db.")
        }
    }

    // MARK: SQLite

    private static func file(_ parts: URLParts, _ url: String) throws(DatabaseURLError) -> String {
        if parts.authority == nil, parts.path == ":memory:" { return ":memory:" }
        if parts.authority == ":memory:", parts.path.isEmpty { return ":memory:" }
        guard parts.authority != nil else {
            throw .init("The URL of an SQLite database needs slashes. Write sqlite:///file.db or sqlite::memory:.")
        }
        guard parts.authority?.isEmpty == true else {
            throw .init(
                "The URL of an SQLite database must not have a host. Write three slashes for a relative path, as in "
                    + "sqlite:///file.db, and four for an absolute one.")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw .init(
                "The URL of an SQLite database must not have parameters. Remove '?' or '#' and the text after it, or "
                    + "write these characters of the file name as %3F and %23.")
        }
        let path = try decode(parts.path.dropFirst(), "path")
        guard !path.isEmpty else {
            throw .init("The URL of an SQLite database has no path. Write sqlite:///file.db or sqlite::memory:.")
        }
        return path
    }

    // MARK: PostgreSQL

    private static func server(_ parts: URLParts, _ url: String) throws(DatabaseURLError) -> PostgresConfiguration {
        guard let authority = parts.authority else {
            throw .init("The database's URL needs two slashes after the scheme: postgres://user:password@host/name.")
        }
        // The password may end at an unencoded delimiter, so nothing after the scheme is shown.
        guard parts.fragment == nil, !url[authority.endIndex...].prefix(while: { $0 != "?" }).utf8.contains(0x40) else {
            throw .init(
                "The database's URL has a character '/', '?' or '#' before the host, or a '#' after it. Write such "
                    + "characters of the password as %2F, %3F and %23.")
        }
        guard let place = AuthorityParts(authority) else {
            throw .init("The host of the database's URL is not valid. Write an IPv6 address in brackets: [::1].")
        }
        let name = try decode(parts.path.dropFirst(), "database name")
        guard !name.utf8.contains(0x2F) else {
            throw .init("The database name in the URL contains a slash. Write it as %2F, or remove it.")
        }
        let host = try decode(place.name, "host")
        var configuration = PostgresConfiguration(
            host: host.hasPrefix("/") ? .socket(host) : .tcp(host), port: try port(place.port) ?? 5432, database: name)
        if let (user, password) = place.access {
            if !user.isEmpty { configuration.user = try decode(user, "user") }
            if let password, !password.isEmpty { configuration.password = try decode(password, "password") }
        }
        var hasHost = !host.isEmpty
        for option in (parts.query ?? "").split(separator: "&") {
            let equals = option.utf8.firstIndex(of: 0x3D) ?? option.endIndex
            guard equals < option.endIndex else {
                throw .init("A parameter of the database's URL has no value. Write ?sslmode=require.")
            }
            let key = try decode(option[..<equals], "parameter")
            let value = try decode(option[option.utf8.index(after: equals)...], "parameter '\(key)'")
            if key == "host" { hasHost = true }
            try set(key, value, &configuration)
        }
        guard hasHost else {
            throw .init(
                "The database's URL has no host. Write postgres://user:password@host/name, or "
                    + "?host=/var/run/postgresql for a Unix socket.")
        }
        guard !configuration.database.isEmpty else {
            throw .init("The database's URL has no database name. Write it after the host: postgres://host/name.")
        }
        return configuration
    }

    private static let tlsModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
    /// The parameters that are passed to libpq.
    private static let passed = [
        "application_name", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "ssl_min_protocol_version",
        "channel_binding", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "tcp_user_timeout", "target_session_attrs", "options", "passfile", "krbsrvname",
    ]

    private static func set(
        _ key: String, _ value: String, _ configuration: inout PostgresConfiguration
    ) throws(DatabaseURLError) {
        switch key {
        case "host": configuration.host = value.hasPrefix("/") ? .socket(value) : .tcp(value)
        case "port": configuration.port = try port(value[...]) ?? 5432
        case "user": configuration.user = value
        case "password": configuration.password = value
        case "dbname": configuration.database = value
        case "sslmode":
            guard tlsModes.contains(value) else {
                throw .init(
                    "The parameter sslmode of the database's URL is '\(value)'. Write one of "
                        + "\(tlsModes.joined(separator: ", ")).")
            }
            configuration.tls = value
        case "connect_timeout":
            guard let seconds = Int(value), (1...3600).contains(seconds) else {
                throw .init(
                    "The parameter connect_timeout of the database's URL is '\(value)'. Write a number of seconds "
                        + "from 1 to 3600.")
            }
            configuration.connectTimeout = .seconds(seconds)
        case _ where passed.contains(key): configuration.parameters[key] = value
        default:
            throw .init(
                "The parameter '\(key)' of the database's URL is not known. Write one of host, port, user, password, "
                    + "dbname, sslmode, connect_timeout, \(passed.joined(separator: ", ")).")
        }
    }

    private static func port(_ text: Substring?) throws(DatabaseURLError) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text), (1...65_535).contains(port)
        else {
            // Not shown: if the password has an unencoded `@` or `:`, the port may be a part of it.
            throw .init(
                "The port of the database's URL is not a number from 1 to 65535. If the password contains ':' or '@', "
                    + "write %3A or %40.")
        }
        return port
    }

    private static func decode(_ text: Substring, _ part: String) throws(DatabaseURLError) -> String {
        guard let decoded = PercentEncoding.decode(text.utf8.span, plusIsSpace: false), !decoded.utf8.contains(0) else {
            throw .init(
                "The \(part) of the database's URL has an invalid percent escape. Write two hexadecimal digits after "
                    + "each '%', and %25 for a percent sign itself.")
        }
        return decoded
    }
}

/// A mistake in the URL of a database. Its text never contains the password.
public struct DatabaseURLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mistake and its solution.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
