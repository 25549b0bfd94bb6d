/// The address of a PostgreSQL database and the way to connect to it.
package struct PostgresConfiguration: Sendable, Equatable {
    /// The place of the server.
    package enum Host: Sendable, Equatable {
        /// A host name or numeric address.
        case tcp(String)
        /// The folder of a Unix socket.
        case socket(String)
    }

    package var host: Host
    package var port: Int
    /// The name of the user, or nil for libpq's choice: `PGUSER` or the process's user.
    package var user: String?
    /// The password, or nil for `PGPASSWORD` or the file `.pgpass`.
    package var password: String?
    package var database: String
    /// libpq's `sslmode`.
    package var tls = "prefer"
    /// Further parameters of libpq, such as `sslrootcert`.
    package var parameters: [String: String] = [:]
    /// The timeout of an attempt to connect, and the limit on the total delay between attempts: 5 seconds by default.
    package var connectTimeout: Duration = .seconds(5)
    /// The time that the server has to end a cancelled statement. The connection is closed after it.
    package var cancelTimeout: Duration = .seconds(5)

    package init(
        host: Host, port: Int = 5432, user: String? = nil, password: String? = nil, database: String
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
    }

    /// The place of the server for errors, without user and password.
    var place: String {
        switch host {
        case .tcp(let name): name.utf8.contains(UInt8(ascii: ":")) ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .socket(let folder): "\(folder)/.s.PGSQL.\(port)"
        }
    }

    /// libpq's parameters.
    ///
    /// - Parameter address: The numeric address of the host, so that libpq does not look the name up, which blocks.
    func keywords(address: String?) -> [(String, String)] {
        var keywords: [(String, String)] = parameters.sorted { $0.key < $1.key }
        switch host {
        case .tcp(let name):
            keywords.append(("host", name))
            if let address { keywords.append(("hostaddr", address)) }
        case .socket(let folder): keywords.append(("host", folder))
        }
        keywords.append(("port", "\(port)"))
        keywords.append(("dbname", database))
        if let user { keywords.append(("user", user)) }
        if let password { keywords.append(("password", password)) }
        keywords.append(("sslmode", tls))
        // Encryption by Kerberos would block during the handshake.
        keywords.append(("gssencmode", "disable"))
        keywords.append(("client_encoding", "UTF8"))
        keywords.append(("fallback_application_name", "strait"))
        return keywords
    }

    /// The statement that sets what the driver relies on, whatever the server's defaults.
    static let session: SQL = """
        SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false), \
        set_config('IntervalStyle', 'postgres', false), set_config('standard_conforming_strings', 'on', false), \
        set_config('bytea_output', 'hex', false)
        """

    // MARK: Errors

    /// Returns the error for a failed attempt, and whether another attempt soon may succeed.
    ///
    /// - Parameter text: libpq's verbose message: for an error of the server, it has the SQLSTATE.
    func error(_ text: String) -> (error: DatabaseError, isTransient: Bool) {
        let words = text.split(whereSeparator: { $0 == " " || $0.isNewline })
        let state = words.first {
            $0.utf8.count == 6 && $0.utf8.last == UInt8(ascii: ":")
                && $0.utf8.dropLast().allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
                && $0.utf8.contains { (0x30...0x39).contains($0) }
        }?.dropLast()
        let message = PostgresFailure.firstLine(text)
        let name = user.map { "the user \($0)" } ?? "the user"
        switch state.map(String.init) {
        case "28P01", "28000":
            return (
                failure(
                    "PostgreSQL at \(place) rejects \(name): the password is wrong, or pg_hba.conf does not allow "
                        + "the access. Check user and password of the database's URL. (\(message))"), false
            )
        case "3D000":
            return (
                failure(
                    "PostgreSQL at \(place) has no database '\(database)'. Create it with `createdb \(database)`, or "
                        + "correct the name in the database's URL."), false
            )
        case "53300":
            return (
                failure(
                    "PostgreSQL at \(place) has too many connections. Use fewer in this process, close others, or "
                        + "raise its max_connections."), true
            )
        case "57P03": return (failure("PostgreSQL at \(place) is starting or stopping. Try again soon."), true)
        case let state?:
            return (failure("PostgreSQL at \(place) refuses the connection: \(message) (\(state))."), false)
        case nil:
            // TLS and authentication are the same at the next attempt.
            if ["SSL", "certificate"].contains(where: { message.contains($0) }) {
                return (
                    failure(
                        "TLS to PostgreSQL at \(place) failed: \(message). Check sslmode and sslrootcert in the "
                            + "database's URL, and the server's certificate."), false
                )
            }
            let isFinal = ["authentication", "password"].contains { message.contains($0) }
            return (
                failure(
                    "PostgreSQL at \(place) cannot be reached: \(message). Check that it is running, and that the "
                        + "database's URL is correct."), !isFinal
            )
        }
    }

    private func failure(_ text: String) -> DatabaseError {
        DatabaseError(.connection, text)
    }
}
