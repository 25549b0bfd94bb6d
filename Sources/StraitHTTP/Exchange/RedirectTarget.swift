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
        url = PercentEncoding.encode(location, allowing: .iri)
        if let scheme = URLParts(url).scheme, !["http", "https", "ftp"].contains(scheme.lowercased()) { return nil }
    }
}
