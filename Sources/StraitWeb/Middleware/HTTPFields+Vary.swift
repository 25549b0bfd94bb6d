package import StraitHTTP

extension HTTPFields {
    /// Adds `name` to `Vary`: the response depends on that request header (RFC 9110 §12.5.5). Django's
    /// `patch_vary_headers`.
    package mutating func addVary(_ name: String) {
        guard !list("vary", contains: name), !list("vary", contains: "*") else { return }
        let known = values(of: "vary").joined(separator: ", ")
        self["vary"] = known.isEmpty ? name : known + ", " + name
    }
}
