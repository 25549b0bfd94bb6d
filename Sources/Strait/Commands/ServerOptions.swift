public import StraitCommandLine
public import StraitCore
internal import StraitHTTP

/// An address to listen on, as for Django's `runserver`: `8080`, `0.0.0.0:8080` or `[::1]:8080`.
struct ListenAddress: OptionValue, Hashable {
    /// The host, or nil if only a port was given.
    let host: String?
    let port: Int

    init?(argument: String) {
        guard let parts = AuthorityParts(argument[...]), parts.userInfo == nil, !parts.name.isEmpty,
            let port = WholeNumber<0, 65535>(argument: String(parts.port ?? parts.host))
        else { return nil }
        host = parts.port == nil ? nil : String(parts.name)
        self.port = port.value
    }

    static var expectation: String { "a port, or a host and a port: 8080, 0.0.0.0:8080 or [::1]:8080" }
}

/// File permissions in octal digits, as for `chmod`: `666`, `0660`, `0o660`.
struct FileMode: OptionValue, Hashable {
    let bits: UInt16

    init?(argument: String) {
        let digits = argument.hasPrefix("0o") ? argument.dropFirst(2) : argument[...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
            let bits = UInt16(digits, radix: 8), bits <= 0o777
        else { return nil }
        self.bits = bits
    }

    static var expectation: String { "permissions in octal digits, such as 0660" }
}

extension LogLevel: OptionValue {
    /// Parses the name of a level.
    public init?(argument: String) { self.init(argument) }
    /// The names of all levels, for error messages.
    public static var expectation: String { "one of " + allCases.map { "\($0)" }.joined(separator: ", ") }
}

/// A trusted proxy: a numeric address, a network, or `unix` for all peers on a Unix socket.
struct ProxyAddress: OptionValue, Hashable {
    let host: String

    init?(argument: String) {
        guard argument == "unix" || IPNetwork(argument) != nil else { return nil }
        host = argument
    }

    static var expectation: String { "a numeric address, a network such as 10.0.0.0/8, or 'unix'" }
}
