internal import StraitNetwork

/// A host and an optional port: the value of a `Host` field, or the authority of a URL (RFC 3986 §3.2, without user).
package struct HTTPAuthority: Hashable, Sendable {
    /// The host in lower case; an IPv6 address in its brackets. Empty only where the text was empty.
    package let host: String
    /// The port where the text names one, 0...65535.
    package let port: Int?

    package init(host: String, port: Int?) {
        self.host = host.lowercased()
        self.port = port
    }

    /// Nil where `text` holds anything that is no host and port: a user, a path, spaces, or a port past 65535.
    package init?(_ text: Span<UInt8>) {
        guard let parts = Self.split(text) else { return nil }
        self.init(host: String(ascii: text.extracting(0..<parts.hostEnd)), port: parts.port)
    }

    /// Whether `host` is what `pattern` means: itself, or with a leading dot a domain and all beneath it. Django's
    /// `is_same_domain`; both are in lower case.
    package static func isSameDomain(_ host: String, _ pattern: String) -> Bool {
        pattern.hasPrefix(".")
            ? host.hasSuffix(pattern) || host == pattern.dropFirst() : !pattern.isEmpty && host == pattern
    }

    /// Whether the host is one of the names of the machine itself that a developer uses: `localhost`, `127.0.0.1`, `[::1]`.
    package var isLoopback: Bool { host == "localhost" || host == "127.0.0.1" || host == "[::1]" }

    /// Whether `text` is a host and an optional port, or empty; allocates nothing.
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

    /// The port that a URL of `scheme` means where it names none; nil for a scheme that is not known here.
    package static func defaultPort(of scheme: String) -> Int? {
        switch scheme {
        case "http", "ws": 80
        case "https", "wss": 443
        default: nil
        }
    }
}
