internal import Glibc

/// Checks the text form of IP addresses.
enum IPAddress {
    /// Whether `text` is four numbers up to 255 without leading zeros.
    static func isVersion4(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != 0x30) && part.reduce(0) { $0 * 10 + Int($1 &- 0x30) } <= 255
            }
    }

    /// Whether `text` is an IPv6 address (RFC 4291 §2.2) without a zone.
    static func isVersion6(_ text: String) -> Bool {
        guard text.utf8.count <= 39, !text.utf8.contains(0) else { return false }
        var address = in6_addr()
        // SAFETY: the text ends with NUL during the call, and `address` has the size that is written.
        return unsafe inet_pton(AF_INET6, text, &address) == 1
    }
}
