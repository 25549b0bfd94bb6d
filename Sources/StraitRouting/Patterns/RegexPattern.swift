/// A regular expression as a route's pattern; Django's `RegexPattern`.
///
/// Matching time may be polynomial in the path's length, so no expression matches a path longer than ``longest``.
/// Matching takes no lock: a slow match delays no other event loop.
final class RegexPattern: Sendable {
    // SAFETY: a `Regex` is not `Sendable` because it compiles itself on first use, and stores the result atomically.
    // The initializer uses it once before it is shared. After that, it is only read.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>
    /// The expression's source text, or nil if it was not created from a literal.
    let text: String?
    /// The maximum length of a path that is matched, in bytes.
    static let longest = 1024

    init(_ regex: sending Regex<AnyRegexOutput>) {
        text = regex._literalPattern
        unsafe self.regex = regex
        _ = try? regex.firstMatch(in: "")
    }

    /// Matches the rest of `path` from `start`, anywhere unless the expression begins with `^`, as in Django. If a
    /// named capture matches, positional captures are dropped.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        guard path.utf8.count - start <= Self.longest else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: start)...]
        guard let found = unsafe try? regex.firstMatch(in: rest) else { return nil }
        // Reject a match before a trailing line feed, which `$` allows but a route never intends.
        if !isPrefix, rest[found.range.upperBound...].utf8.elementsEqual([0x0A]) { return nil }
        var match = RouteMatch(end: path.utf8.distance(from: path.startIndex, to: found.range.upperBound))
        for index in found.output.indices.dropFirst() {
            let capture = found.output[index]
            guard let text = capture.substring else { continue }
            if let name = capture.name {
                match.kwargs[name] = String(text)
            } else {
                match.args.append(String(text))
            }
        }
        if !match.kwargs.isEmpty { match.args = [] }
        return match
    }
}
