internal import Synchronization

/// A regular expression as a route; Django's `RegexPattern`.
///
/// A `Regex` is not `Sendable`, as it compiles itself at its first use and keeps the result. The lock makes its uses
/// follow each other, on whatever threads they are; only strings leave it.
final class RegexPattern: Sendable {
    private let regex: Mutex<Regex<AnyRegexOutput>>
    /// What lists show, and names are reversed with where it was given as a path.
    let template: PathPattern?

    init(_ regex: sending Regex<AnyRegexOutput>, template: PathPattern?) {
        self.regex = Mutex(regex)
        self.template = template
    }

    /// Matches what is left of `path` from `start` on, anywhere in it unless the expression begins with `^`, as Django
    /// does. As soon as a named capture matched, positional ones are dropped.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        regex.withLock { regex in
            let rest = path[path.utf8.index(path.startIndex, offsetBy: start)...]
            guard let found = try? regex.firstMatch(in: rest) else { return nil }
            // `$` also matches before a line feed at the end, which nobody who writes it means.
            if !isPrefix, rest[found.range.upperBound...] == "\n" { return nil }
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
}
