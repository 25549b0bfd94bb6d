internal import StraitCore

/// A host and an optional port, as in a `Host` header or a URL's authority (RFC 3986 §3.2, without user information).
package struct HTTPAuthority: Hashable, Sendable {
    /// The host in lower case. An IPv6 address is in brackets. Empty only if the text was empty.
    package let host: String
    /// The port, 0...65535; nil if the text names none.
    package let port: Int?

    /// Creates an authority from `host`, in any case, and `port`.
    package init(host: String, port: Int?) {
        self.host = host.lowercased()
        self.port = port
    }

    /// Reads an authority. Returns nil if `text` contains anything but a host and a port, such as a user, a path or a
    /// space, or a port above 65535.
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
        var end = 0
        if !text.isEmpty, text[0] == 0x5B {
            end = 1
            while end < text.count, text[end] != 0x5D {
                guard text[end].hexadecimalValue != nil || text[end] == 0x3A || text[end] == 0x2E else { return nil }
                end &+= 1
            }
            guard end < text.count, end > 2 else { return nil }
            end &+= 1
        } else {
            while end < text.count, text[end] != 0x3A {
                guard text[end].isHostCharacter || text[end] == 0x25 else { return nil }
                end &+= 1
            }
        }
        guard end < text.count else { return (end, nil) }
        guard text[end] == 0x3A, end > 0 else { return nil }
        var port = 0
        for index in end &+ 1..<text.count {
            guard text[index].isASCIIDigit else { return nil }
            port = port &* 10 &+ Int(text[index] &- 0x30)
            guard port <= 65535 else { return nil }
        }
        return (end, end &+ 1 < text.count ? port : nil)
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
