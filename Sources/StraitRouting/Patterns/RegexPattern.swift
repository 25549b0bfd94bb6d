/// A regular expression as a route; Django's `RegexPattern`.
///
/// The time that an expression takes may grow with a power of the path's length, so that a longer path than ``longest``
/// matches none. No lock is held while one matches: a path that takes long holds up no other loop.
final class RegexPattern: Sendable {
    // SAFETY: a `Regex` is not `Sendable` because it compiles itself at its first use and keeps the result, atomically. It is
    // used once before anyone else has it, and only read from then on.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>
    /// The bytes of a path that expressions are matched with at most.
    static let longest = 1024
    /// What lists show, and names are reversed with where it was given as a path.
    let template: PathPattern?

    init(_ regex: sending Regex<AnyRegexOutput>, template: PathPattern?) {
        unsafe self.regex = regex
        self.template = template
        _ = try? regex.firstMatch(in: "")
    }

    /// Matches what is left of `path` from `start` on, anywhere in it unless the expression begins with `^`, as Django
    /// does. As soon as a named capture matched, positional ones are dropped.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        guard path.utf8.count - start <= Self.longest else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: start)...]
        guard let found = unsafe try? regex.firstMatch(in: rest) else { return nil }
        // `$` also matches before a line feed at the end, which nobody who writes it means.
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
