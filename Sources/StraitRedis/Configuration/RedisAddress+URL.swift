internal import StraitCore

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
        guard let (scheme, rest) = Self.divide(url) else { throw .scheme }
        let isForbidden = url.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "#") || $0 == 0x7F }
        guard !isForbidden else { throw .reserved }
        let question = rest.firstIndex(of: "?") ?? rest.endIndex
        let place = rest[..<question]
        let slash = place.firstIndex(of: "/") ?? place.endIndex
        let authority = place[..<slash]
        let path = place[slash...]
        // The last @, as in Python, so that a password with an unencoded @ works.
        let at = authority.lastIndex(of: "@")
        let server = at.map { authority[authority.index(after: $0)...] } ?? authority

        if scheme == "unix" {
            guard server.isEmpty, path.utf8.count > 1 else { throw .path }
            self.init(.unix(path: try Self.decode(path)))
            self.database = database
        } else {
            // An @ after the host means that a password with an unencoded / or ? was split.
            guard !rest[slash...].contains("@") else { throw .reserved }
            self.init(try Self.endpoint(server), isSecure: scheme == "rediss")
            self.database = path.utf8.count > 1 ? try Self.database(path.dropFirst()) : database
        }
        self.username = username
        self.password = password
        try read(options: rest[question...].dropFirst())
        if let at { try read(access: authority[..<at]) }
    }

    /// Returns the scheme in lower case and the text after `://`, or nil if the scheme is not supported.
    private static func divide(_ url: String) -> (scheme: String, rest: Substring)? {
        guard let colon = url.firstIndex(of: ":") else { return nil }
        let scheme = url[..<colon].lowercased()
        let rest = url[colon...]
        guard ["redis", "rediss", "unix"].contains(scheme), rest.hasPrefix("://") else { return nil }
        return (scheme, rest.dropFirst(3))
    }

    /// Parses a host and port such as `[::1]:6379`.
    private static func endpoint(_ server: Substring) throws(RedisAddressError) -> Endpoint {
        var host = server
        var port: Substring = ""
        if server.first == "[" {
            guard let bracket = server.firstIndex(of: "]") else { throw .host }
            host = server[server.index(after: server.startIndex)..<bracket]
            let rest = server[server.index(after: bracket)...]
            guard rest.isEmpty || rest.first == ":", !host.isEmpty else { throw .host }
            port = rest.dropFirst()
        } else if let colon = server.firstIndex(of: ":") {
            host = server[..<colon]
            port = server[server.index(after: colon)...]
            // An IPv6 address without brackets.
            guard !port.contains(":") else { throw .host }
        }
        let name = host.isEmpty ? "localhost" : try decode(host)
        guard !name.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "/") }) else { throw .host }
        guard !port.isEmpty else { return .tcp(host: name, port: defaultPort) }
        guard let number = number(port), let port = UInt16(exactly: number), port > 0 else { throw .port }
        return .tcp(host: name, port: port)
    }

    private mutating func read(access: Substring) throws(RedisAddressError) {
        let colon = access.firstIndex(of: ":") ?? access.endIndex
        if colon != access.startIndex { username = try Self.decode(access[..<colon]) }
        let secret = access[colon...].dropFirst()
        if !secret.isEmpty { password = try Self.decode(secret) }
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
        guard let decoded = PercentDecoding.decode(text.utf8.span, plusIsSpace: plusIsSpace) else { throw .percent }
        return decoded
    }
}
