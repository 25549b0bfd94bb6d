/// The parts of a URL's authority, `user:password@host:port` (RFC 3986 §3.2), as written in the URL.
package struct AuthorityParts: Sendable {
    /// The text before the last `@`, as in Python; nil if there is no `@`.
    package let userInfo: Substring?
    /// The host. An IPv6 address is in brackets.
    package let host: Substring
    /// The text after the host's colon, which is not checked; nil if there is no colon.
    package let port: Substring?

    /// Divides `text`. Returns nil if the host begins with `[` and has no `]`, or if anything but a colon follows the
    /// `]`.
    package init?(_ text: Substring) {
        var place = text
        if let at = text.utf8.lastIndex(of: 0x40) {
            userInfo = text[..<at]
            place = text[text.utf8.index(after: at)...]
        } else {
            userInfo = nil
        }
        guard let end = HostAndPort.hostEnd(in: place.utf8.span) else { return nil }
        let hostEnd = place.utf8.index(place.startIndex, offsetBy: end)
        host = place[..<hostEnd]
        port = hostEnd < place.endIndex ? place[place.utf8.index(after: hostEnd)...] : nil
    }

    /// The host without the brackets of an IPv6 address.
    package var name: Substring {
        // By bytes: a combining mark must not be dropped together with a bracket.
        host.utf8.first == 0x5B ? Substring(host.utf8.dropFirst().dropLast()) : host
    }

    /// The port as a number, 0...65535; nil if there is no port or it is not such a number.
    package var portNumber: Int? { port.flatMap { HostAndPort.port($0.utf8.span) } }

    /// The user and the password in ``userInfo``, divided at the first colon; nil if there is no user info.
    package var access: (user: Substring, password: Substring?)? {
        guard let userInfo else { return nil }
        guard let colon = userInfo.utf8.firstIndex(of: 0x3A) else { return (userInfo, nil) }
        return (userInfo[..<colon], userInfo[userInfo.utf8.index(after: colon)...])
    }
}

/// A parser for a host with an optional port.
enum HostAndPort {
    /// Returns the end of the host in `text`: the end of the text, or the position of the colon before the port.
    /// Returns nil if the text begins with `[` and has no `]`, or if anything but a colon follows the `]`.
    @inline(__always)
    static func hostEnd(in text: Span<UInt8>) -> Int? {
        var end = 0
        if text.isEmpty || text[0] != 0x5B {
            while end < text.count, text[end] != 0x3A { end &+= 1 }
            return end
        }
        while end < text.count, text[end] != 0x5D { end &+= 1 }
        guard end < text.count else { return nil }
        end &+= 1
        return end == text.count || text[end] == 0x3A ? end : nil
    }

    /// Returns the port, 0...65535, or nil if `text` is not the decimal digits of such a number.
    @inline(__always)
    static func port(_ text: Span<UInt8>) -> Int? {
        if text.isEmpty { return nil }
        var port = 0
        for index in text.indices {
            guard text[index].isASCIIDigit else { return nil }
            port = port &* 10 &+ Int(text[index] &- 0x30)
            guard port <= 65535 else { return nil }
        }
        return port
    }
}
