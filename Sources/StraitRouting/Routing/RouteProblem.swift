/// A mistake in a list of routes that leaves one of them without effect.
package enum RouteProblem: Hashable, Sendable, CustomStringConvertible {
    /// Two routes of one kind have the same path.
    case samePath(String)
    /// Every path of a route is taken by an earlier one.
    case neverReached(String, behind: String)
    /// Two routes have one name and the same arguments.
    case sameName(String, [String])

    package var description: String {
        switch self {
        case .samePath(let path): "Two routes have the path '/\(path)'; the second is never reached."
        case .neverReached(let path, let earlier):
            "The route '/\(path)' is never reached: '/\(earlier)' in front of it takes all of its paths."
        case .sameName(let name, let paths):
            "Two routes are named '\(name)' and take the same arguments: \(paths.map { "'/\($0)'" }.joined(separator: ", "))."
        }
    }

    /// The remedy, in a sentence.
    package var hint: String {
        switch self {
        case .samePath: "Remove one of them, or give it another path."
        case .neverReached: "Put the more special route first."
        case .sameName: "Give one of them another name, as a name leads to one path."
        }
    }

    /// The problems of `patterns`, in the order in which they are tried. A route with a regular expression, or with a
    /// converter of the site's own, is not looked at.
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
    /// A path of this route that only a route matches which takes all of its paths; nil if there is no telling.
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
