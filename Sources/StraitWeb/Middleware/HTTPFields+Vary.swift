package import StraitHTTP

extension HTTPFields {
    /// Notes that the response would be another one for another value of the request's field `name` (RFC 9110
    /// §12.5.5); Django's `patch_vary_headers`.
    package mutating func addVary(_ name: String) {
        guard !list("vary", contains: name), !list("vary", contains: "*") else { return }
        let known = values(of: "vary").joined(separator: ", ")
        self["vary"] = known.isEmpty ? name : known + ", " + name
    }
}
