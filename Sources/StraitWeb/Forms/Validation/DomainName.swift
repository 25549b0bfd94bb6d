/// Checks domain names as Django's `DomainNameValidator` does: letters of any script, and no digits in the last label
/// unless it begins with `xn--`.
enum DomainName {
    /// Whether `text` is a domain name.
    ///
    /// - Parameter allowsFinalDot: Whether a final dot is allowed, as in URLs but not in email addresses.
    static func isValid(_ text: String, allowsFinalDot: Bool) -> Bool {
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
        let text = String(String.UnicodeScalarView(label)).lowercased()
        return text.utf8.starts(with: "xn--".utf8)
            && text.utf8.dropFirst(4).allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || (0xA1...0xFFFF).contains(scalar.value)
    }
}
