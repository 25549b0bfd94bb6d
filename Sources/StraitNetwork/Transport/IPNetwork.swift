internal import Glibc

/// A network of numeric addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
///
/// An IPv4 address that is mapped into IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
package struct IPNetwork: Hashable, Sendable {
    /// The address, 4 bytes of IPv4 or 16 of IPv6; zero behind the prefix.
    private let address: [UInt8]
    /// The number of bits that an address of the network has in common with it.
    private let prefix: Int

    /// The network in `text`; nil if it is none. Bits of the address behind the prefix are ignored.
    package init?(_ text: String) {
        let slash = text.utf8.firstIndex(of: 0x2F)
        guard let (bytes, isMapped) = Self.bytes(of: text[..<(slash ?? text.endIndex)]) else { return nil }
        var prefix = bytes.count * 8
        if let slash {
            let digits = text[text.utf8.index(after: slash)...].utf8
            let range = isMapped ? 96...128 : 0...prefix
            guard !digits.isEmpty, digits.count <= 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.count == 1 || digits.first != 0x30, let number = Int(String(decoding: digits, as: UTF8.self)),
                range.contains(number)
            else { return nil }
            prefix = isMapped ? number - 96 : number
        }
        self.prefix = prefix
        address = Self.masked(bytes, prefix)
    }

    /// Whether a numeric address is in the network; a text that is no address is not.
    package func contains(_ host: String) -> Bool {
        guard let (bytes, _) = Self.bytes(of: host[...]), bytes.count == address.count else { return false }
        return Self.masked(bytes, prefix) == address
    }

    private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
        bytes.indices.map { index in
            let bits = min(8, max(0, prefix - index * 8))
            return bytes[index] & ~UInt8(truncatingIfNeeded: 0xFF >> bits)
        }
    }

    /// The bytes of a numeric address, and whether it is an IPv4 address that was mapped into IPv6.
    private static func bytes(of host: Substring) -> (bytes: [UInt8], isMapped: Bool)? {
        // The kernel would read what stands before a NUL.
        if host.utf8.contains(0) { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        // SAFETY: the kernel writes 4 bytes, and 16 below, which the arrays have.
        if unsafe inet_pton(AF_INET, String(host), &four) == 1 { return (four, false) }
        var six = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, String(host), &six) == 1 else { return nil }
        let isMapped = six[..<10].allSatisfy { $0 == 0 } && six[10] == 0xFF && six[11] == 0xFF
        return isMapped ? (Array(six[12...]), true) : (six, false)
    }
}
