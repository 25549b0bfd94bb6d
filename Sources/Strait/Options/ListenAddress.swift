import StraitCommandLine

/// An address to listen on, as for Django's `runserver`: `8080`, `0.0.0.0:8080` or `[::1]:8080`.
struct ListenAddress: OptionValue, Hashable {
    /// The host, or nil if only a port was given.
    let host: String?
    let port: Int

    init?(argument: String) {
        var host: String?
        var digits = argument[...]
        if let colon = argument.lastIndex(of: ":") {
            var name = argument[..<colon]
            digits = argument[argument.index(after: colon)...]
            if name.hasPrefix("["), name.hasSuffix("]") {
                name = name.dropFirst().dropLast()
            } else if name.contains(":") {
                return nil
            }
            guard !name.isEmpty else { return nil }
            host = String(name)
        }
        guard let port = WholeNumber<0, 65535>(argument: String(digits)) else { return nil }
        self.host = host
        self.port = port.value
    }

    static var expectation: String { "a port, or a host and a port: 8080, 0.0.0.0:8080 or [::1]:8080" }
}
