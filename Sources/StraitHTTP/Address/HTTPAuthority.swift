internal import StraitCore

/// A host and an optional port, as in a `Host` header or a URL's authority (RFC 3986 §3.2, without user information).
package struct HTTPAuthority: Hashable, Sendable {
    /// The host in lower case. An IPv6 address is in brackets. Empty only if the text was empty.
    package let host: String
    /// The port, 0...65535; nil if the text has none.
    package let port: Int?

    /// Creates an authority from `host`, in any case, and `port`.
    package init(host: String, port: Int?) {
        self.host = host.lowercased()
        self.port = port
    }

    /// Reads an authority. Returns nil for other text, such as text with a user, a path or a space, and for a port
    /// above 65535.
    package init?(_ text: Span<UInt8>) {
        guard let parts = Self.split(text) else { return nil }
        self.init(host: String(ascii: text.extracting(0..<parts.hostEnd)), port: parts.port)
    }

    /// Whether `host` matches `pattern`, with both in lower case; Django's `is_same_domain`.
    ///
    /// A pattern with a leading dot matches its domain and all subdomains. Any other pattern matches only itself.
    package static func isSameDomain(_ host: String, _ pattern: String) -> Bool {
        pattern.hasPrefix(".")
            ? host.hasSuffix(pattern) || host == pattern.dropFirst() : !pattern.isEmpty && host == pattern
    }

    /// Whether the host is a loopback name that developers use: `localhost`, `127.0.0.1` or `[::1]`.
    package var isLoopback: Bool { host == "localhost" || host == "127.0.0.1" || host == "[::1]" }

    /// Whether `text` is empty, or a host with an optional port. Allocates nothing.
    package static func isValid(_ text: Span<UInt8>) -> Bool {
        split(text) != nil
    }

    private static func split(_ text: Span<UInt8>) -> (hostEnd: Int, port: Int?)? {
        guard let end = HostAndPort.hostEnd(in: text), isHost(text.extracting(0..<end)) else { return nil }
        guard end < text.count else { return (end, nil) }
        guard end > 0 else { return nil }
        if end &+ 1 == text.count { return (end, nil) }
        guard let port = HostAndPort.port(text.extracting(end &+ 1..<text.count)) else { return nil }
        return (end, port)
    }

    private static func isHost(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty, text[0] == 0x5B else {
            for index in text.indices where !text[index].isHostCharacter && text[index] != 0x25 { return false }
            return true
        }
        guard text.count > 3 else { return false }
        for index in 1..<text.count &- 1 {
            let byte = text[index]
            guard byte.hexadecimalValue != nil || byte == 0x3A || byte == 0x2E else { return false }
        }
        return true
    }

    /// The default port of URLs with `scheme`; nil for an unknown scheme.
    package static func defaultPort(of scheme: String) -> Int? {
        switch scheme {
        case "http", "ws": 80
        case "https", "wss": 443
        default: nil
        }
    }
}
