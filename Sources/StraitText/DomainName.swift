internal import Glibc
internal import StraitCore

/// Domain name validation as in Django's `DomainNameValidator`. Labels may have letters of any script. The last label
/// may have digits only if it begins with `xn--`.
package enum DomainName {
    /// Whether `text` is a domain name.
    ///
    /// - Parameter allowsFinalDot: Whether the name may end with a dot: true for URLs, false for email addresses.
    package static func isValid(_ text: String, allowsFinalDot: Bool) -> Bool {
        var labels = text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map(Array.init)
        if allowsFinalDot, labels.count > 2, labels.last?.isEmpty == true { labels.removeLast() }
        guard labels.count >= 2, let last = labels.last else { return false }
        return labels.dropLast().allSatisfy(isLabel) && isTopLevel(last)
    }

    private static func isLabel(_ label: [Unicode.Scalar]) -> Bool {
        (1...63).contains(label.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || $0 == "-" }
    }

    private static func isTopLevel(_ label: [Unicode.Scalar]) -> Bool {
        guard label.first != "-", label.last != "-" else { return false }
        if (2...63).contains(label.count), label.allSatisfy({ isLetter($0) || $0 == "-" }) { return true }
        guard (5...63).contains(label.count) else { return false }
        return PythonText.string(label.prefix(4)).lowercased().hasSameBytes(as: "xn--")
            && label.dropFirst(4).allSatisfy { PythonText.isLetterIgnoringCase($0) || ("0"..."9").contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || (0xA1...0xFFFF).contains(scalar.value)
    }
}

/// Validation of IP addresses in text form.
package enum IPAddress {
    /// Whether `text` is an IPv4 address: four numbers from 0 to 255, separated by dots, without leading zeros.
    package static func isVersion4(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != 0x30) && part.reduce(0) { $0 * 10 + Int($1 &- 0x30) } <= 255
            }
    }

    /// Whether `text` is an IPv6 address (RFC 4291 §2.2) without a zone.
    package static func isVersion6(_ text: String) -> Bool {
        guard text.utf8.count <= 39, !text.utf8.contains(0) else { return false }
        var address = in6_addr()
        // SAFETY: the text ends with NUL during the call, and `address` has the size that is written.
        return unsafe inet_pton(AF_INET6, text, &address) == 1
    }
}
