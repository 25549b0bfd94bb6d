
/// The address of a `Location` header: ASCII, with an allowed scheme.
struct RedirectTarget {
    /// The encoded address.
    let url: String

    /// The response's text for a redirect that is not allowed.
    static let refusal = "Invalid redirect: the address must be relative, or begin with http:, https: or ftp:.\n"

    /// Encodes `location` like Django's `iri_to_uri`. Returns nil if its scheme is not allowed (`DisallowedRedirect`).
    ///
    /// Control characters stay in the address. No header may contain them, so the response fails and reveals the
    /// mistake.
    init?(_ location: String) {
        if location.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            url = location
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(location.utf8.count)
        for byte in location.utf8 {
            if Self.isAllowed(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        if let scheme = Self.scheme(bytes), !["http", "https", "ftp"].contains(scheme) { return nil }
        url = String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Whether RFC 3986 allows the character in a URL, as a delimiter, an unreserved character or a percent sign.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "$"), UInt8(ascii: "&"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "!"),
            UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "@"), UInt8(ascii: "'"), UInt8(ascii: "~"),
            UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Returns the text before the first colon in lower case if it is a scheme (RFC 3986 §3.1). A colon after a slash,
    /// a question mark or a number sign is not part of a scheme.
    private static func scheme(_ bytes: [UInt8]) -> String? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let first = bytes.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20)
        else { return nil }
        let name = bytes[..<colon].map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        let isScheme = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
                UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isScheme ? String(decoding: name, as: UTF8.self) : nil
    }
}
