package import StraitHTTP

extension HTTPFields {
    /// Notes that the response would be another one for another value of the request's field `name` (RFC 9110
    /// §12.5.5); Django's `patch_vary_headers`.
    package mutating func addVary(_ name: String) {
        let known = values(of: "vary").joined(separator: ", ")
        let names = known.split(separator: ",").map { $0.trimming { $0 == " " || $0 == "\t" }.lowercased() }
        guard !names.contains(name.lowercased()), !names.contains("*") else { return }
        self["vary"] = known.isEmpty ? name : known + ", " + name
    }
}
