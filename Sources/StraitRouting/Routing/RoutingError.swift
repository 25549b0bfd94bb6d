/// An error in an application's routes, or a path that cannot be routed or reversed.
public struct RoutingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error, for tests and for code that handles specific errors.
    public enum Code: Sendable, Hashable {
        case badPattern, missingTarget, noChannel, rootPath, noReverseMatch
    }

    /// The kind of error.
    public let code: Code
    /// The error's text, with the name, path or pattern that caused it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func noChannel(_ channel: String, known: [String]) -> RoutingError {
        RoutingError(
            .noChannel,
            "No worker is routed for the channel '\(channel)'. "
                + (known.isEmpty
                    ? "Add one to the ChannelNameRouter." : "Channels with a worker: \(known.joined(separator: ", ")).")
        )
    }

    static func missingTarget(_ route: Route) -> RoutingError {
        let place: String =
            switch route.source {
            case .path(let text): "'\(text)'"
            case .regex(let regex, let template): (template ?? regex.text).map { "'\($0)'" } ?? "a regular expression"
            }
        return RoutingError(
            .missingTarget,
            "The route to \(place) has no target. Add one after its path: a function, a view, a consumer, or another "
                + "application.")
    }

    static func rootPath(_ rootPath: String, path: String) -> RoutingError {
        RoutingError(
            .rootPath,
            "The path '\(path)' does not begin with the root path '\(rootPath)'. Make the root path match the prefix "
                + "that the proxy in front sends.")
    }
}

/// A mistake in a list of routes that makes one of them unreachable or ambiguous.
package enum RouteProblem: Hashable, Sendable, CustomStringConvertible {
    /// Two routes of one type have the same path.
    case samePath(String)
    /// An earlier route matches every path of this one.
    case neverReached(String, behind: String)
    /// Two routes have the same name and the same arguments.
    case sameName(String, [String])

    package var description: String {
        switch self {
        case .samePath(let path): "Two routes have the path '/\(path)'; the second is never reached."
        case .neverReached(let path, let earlier):
            "The route '/\(path)' is never reached: the earlier route '/\(earlier)' matches all of its paths."
        case .sameName(let name, let paths):
            "Two routes are named '\(name)' and take the same arguments: "
                + "\(paths.map { "'/\($0)'" }.joined(separator: ", "))."
        }
    }

    /// The fix, in one sentence.
    package var hint: String {
        switch self {
        case .samePath: "Remove one of them, or give it another path."
        case .neverReached: "Put the more specific route first."
        case .sameName: "Give one of them another name, as a name leads to one path."
        }
    }

    /// Returns the problems of `patterns`, in routing order. Routes with a regular expression or a custom converter are
    /// skipped.
    package static func all(in patterns: [URLPattern]) -> [RouteProblem] {
        var problems: [RouteProblem] = []
        var known: [(pattern: URLPattern, path: PathPattern)] = []
        var names: [[String]: String] = [:]
        for pattern in patterns {
            if let path = pattern.widestPath, let pieces = pattern.pieces {
                let earlier = known.first { earlier in
                    (earlier.pattern.kind == pattern.kind || earlier.pattern.kind == nil)
                        && earlier.path.match(path, from: 0, isPrefix: false) != nil
                }
                if let earlier {
                    problems.append(
                        earlier.pattern.text == pattern.text
                            ? .samePath(pattern.text) : .neverReached(pattern.text, behind: earlier.pattern.text))
                }
                known.append((pattern, PathPattern(pieces: pieces)))
            }
            guard let name = pattern.qualifiedName else { continue }
            let key = [name] + pattern.arguments.sorted()
            if let other = names[key], other != pattern.text {
                problems.append(.sameName(name, [other, pattern.text]))
            } else {
                names[key] = pattern.text
            }
        }
        return problems
    }
}

extension URLPattern {
    /// A sample path of this route. Another route matches it only if that route matches all of this route's paths. Nil
    /// if a converter is unknown.
    fileprivate var widestPath: String? {
        guard let pieces else { return nil }
        var path = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): path += text
            case .argument(_, is IntegerConverter): path += "7"
            case .argument(_, is SlugConverter): path += "a-1_Z"
            case .argument(_, is StringConverter): path += "a ~é"
            case .argument(_, is PathConverter): path += "a ~é/b"
            case .argument(_, is UUIDConverter): path += "0b7a9a4e-5b1c-4f5e-9d3a-2f1d8c9e7a60"
            case .argument: return nil
            }
        }
        return path
    }
}
