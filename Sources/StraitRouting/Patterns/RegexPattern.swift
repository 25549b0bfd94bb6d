/// A regular expression as a route; Django's `RegexPattern`.
///
/// Matching time may grow with a power of the path's length, so a path longer than ``longest`` matches no expression.
/// No lock is held during a match: a slow match delays no other loop.
final class RegexPattern: Sendable {
    // SAFETY: a `Regex` is not `Sendable` because it compiles itself at its first use and stores the result atomically.
    // It is used once before it is shared, and only read after that.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>
    /// The expression as it was written; nil for one that was built by other means.
    let text: String?
    /// The maximum length of a path that expressions are matched with, in bytes.
    static let longest = 1024

    init(_ regex: sending Regex<AnyRegexOutput>) {
        text = regex._literalPattern
        unsafe self.regex = regex
        _ = try? regex.firstMatch(in: "")
    }

    /// Matches what is left of `path` from `start` on, anywhere in it unless the expression begins with `^`, as Django
    /// does. As soon as a named capture matched, positional ones are dropped.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        guard path.utf8.count - start <= Self.longest else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: start)...]
        guard let found = unsafe try? regex.firstMatch(in: rest) else { return nil }
        // `$` also matches before a trailing line feed, which a route never intends.
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
