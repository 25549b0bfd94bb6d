/// The parts of a URL's authority, `user:password@host:port` (RFC 3986 §3.2), unchanged and not decoded.
package struct AuthorityParts: Sendable {
    /// The text before the last `@`, as in Python; nil without one.
    package let userInfo: Substring?
    /// The host. An IPv6 address is in brackets.
    package let host: Substring
    /// The text after the colon; nil without one.
    package let port: Substring?

    /// Returns nil if a bracket is not closed, or if a closed one is followed by anything but a port.
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
    package var name: Substring { host.utf8.first == 0x5B ? host.dropFirst().dropLast() : host }

    /// The number of the port, 0...65535; nil if there is no port, or if it is anything else.
    package var portNumber: Int? { port.flatMap { HostAndPort.port($0.utf8.span) } }

    /// The user and the password of ``userInfo``, divided at the first colon.
    package var access: (user: Substring, password: Substring?)? {
        guard let userInfo else { return nil }
        guard let colon = userInfo.utf8.firstIndex(of: 0x3A) else { return (userInfo, nil) }
        return (userInfo[..<colon], userInfo[userInfo.utf8.index(after: colon)...])
    }
}

/// The division of a host and an optional port.
enum HostAndPort {
    /// Returns the end of the host in `text`: the end of the text, or the position of the colon before the port.
    /// Returns nil if a bracket is not closed, or if a closed one is followed by anything but a colon.
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

    /// Returns the number of a port, 0...65535, or nil if `text` has anything but digits or is empty.
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
