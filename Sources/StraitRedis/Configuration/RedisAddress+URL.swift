internal import StraitCore
internal import StraitHTTP

extension RedisAddress {
    /// Parses a URL as redis-py's `from_url` does:
    ///
    /// * `redis://[user][:password]@host[:port][/database]`; `rediss://` for TLS
    /// * `unix://[user][:password]@/path[?db=1]`
    ///
    /// User, password, host and path are percent-decoded. The query may have the options `db`, `username` and
    /// `password`, in which `+` means a space. `db` takes precedence over the path. A user or password before the host
    /// takes precedence over the query.
    ///
    /// The defaults are localhost, port 6379 and database 0.
    ///
    /// - Throws: ``RedisAddressError``. A database that is not a number and unknown options are errors, although
    ///   redis-py ignores them.
    public init(_ url: String) throws(RedisAddressError) {
        try self.init(url, username: nil, password: nil, database: 0)
    }

    /// Parses a URL. The other parameters apply if the URL does not specify them.
    package init(
        _ url: String, username: String?, password: String?, database: Int
    ) throws(RedisAddressError) {
        let parts = URLParts(url)
        guard let (scheme, authority) = parts.site, ["redis", "rediss", "unix"].contains(scheme) else { throw .scheme }
        let isForbidden = url.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "#") || $0 == 0x7F }
        guard !isForbidden else { throw .reserved }
        guard let place = AuthorityParts(authority) else { throw .host }

        if scheme == "unix" {
            guard place.host.isEmpty, place.port == nil, parts.path.utf8.count > 1 else { throw .path }
            self.init(.unix(path: try Self.decode(parts.path)))
            self.database = database
        } else {
            // An @ after the host means that a password with an unencoded / or ? was split.
            let behind = url[authority.endIndex...]
            guard !behind.utf8.contains(UInt8(ascii: "@")) else { throw .reserved }
            self.init(try Self.endpoint(place), isSecure: scheme == "rediss")
            self.database = parts.path.utf8.count > 1 ? try Self.database(parts.path.dropFirst()) : database
        }
        self.username = username
        self.password = password
        try read(options: parts.query ?? "")
        if let (user, secret) = place.access {
            if !user.isEmpty { self.username = try Self.decode(user) }
            if let secret, !secret.isEmpty { self.password = try Self.decode(secret) }
        }
    }

    private static func endpoint(_ place: AuthorityParts) throws(RedisAddressError) -> Endpoint {
        let host = place.name
        let port = place.port ?? ""
        // A colon in the port means that the host is an IPv6 address without brackets.
        guard place.host != "[]", !port.utf8.contains(UInt8(ascii: ":")) else { throw .host }
        let name = host.isEmpty ? "localhost" : try decode(host)
        guard !name.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "/") }) else { throw .host }
        guard !port.isEmpty else { return .tcp(host: name, port: defaultPort) }
        guard let number = number(port), let port = UInt16(exactly: number), port > 0 else { throw .port }
        return .tcp(host: name, port: port)
    }

    private mutating func read(options: Substring) throws(RedisAddressError) {
        var seen: Set<String> = []
        for option in options.split(separator: "&") {
            let equals = option.firstIndex(of: "=") ?? option.endIndex
            let name = String(option[..<equals])
            let value = option[equals...].dropFirst()
            switch name {
            case "db": database = try Self.database(value)
            case "username": username = try Self.decode(value, plusIsSpace: true)
            case "password": password = try Self.decode(value, plusIsSpace: true)
            default: throw .option(name)
            }
            guard seen.insert(name).inserted else { throw .repeated(name) }
        }
    }

    private static func database(_ text: Substring) throws(RedisAddressError) -> Int {
        guard let number = number(text) else { throw .database }
        return number
    }

    /// Returns the number if `text` has digits only. `Int` alone would accept a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 } ? Int(text) : nil
    }

    /// Returns the percent-decoded text (RFC 3986 §2.1).
    private static func decode(_ text: Substring, plusIsSpace: Bool = false) throws(RedisAddressError) -> String {
        guard let decoded = PercentEncoding.decode(text.utf8.span, plusIsSpace: plusIsSpace) else { throw .percent }
        return decoded
    }
}
