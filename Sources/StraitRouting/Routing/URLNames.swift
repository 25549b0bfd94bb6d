public import StraitHTTP

/// The named routes of an application, from which the paths of pages and sockets are built; Django's `reverse()`.
///
/// ```swift
/// let names = URLNames(of: application)
/// try names.reverse("chat", ["room": "lobby"])   // "/ws/chat/lobby/"
/// ```
public struct URLNames: Sendable {
    private let patterns: [String: [URLPattern]]
    private let rootPath: String

    /// Collects the names of an application's routes. The routes never change.
    ///
    /// - Parameter rootPath: The prefix of every path; see ``/StraitHTTP/Scope/rootPath``.
    public init(of application: any Application, rootPath: String = "") {
        var patterns: [String: [URLPattern]] = [:]
        for pattern in application.urlPatterns {
            if let name = pattern.qualifiedName { patterns[name, default: []].append(pattern) }
        }
        self.patterns = patterns
        self.rootPath = rootPath.hasSuffix("/") ? String(rootPath.dropLast()) : rootPath
    }

    /// Returns the percent-encoded path of the route `name`, including its namespaces (`chat:room`). If several routes
    /// have this name, the last one that takes exactly these arguments is used, as in Django.
    ///
    /// - Throws: ``RoutingError`` with the existing names or the patterns that were tried.
    public func reverse(_ name: String, _ arguments: [String: any RouteArgument] = [:]) throws(RoutingError) -> String {
        guard let candidates = patterns[name] else {
            throw RoutingError(
                .noReverseMatch,
                "There is no route named '\(name)'. "
                    + (patterns.isEmpty
                        ? "No route has a name." : "There are: \(patterns.keys.sorted().joined(separator: ", ")).")
            )
        }
        for pattern in candidates.reversed() {
            if let path = Self.path(of: pattern, arguments) { return finished(path) }
        }
        let given = arguments.sorted { $0.key < $1.key }.map { key, argument in
            "\(key) = '\(RouteText.text(of: argument) ?? String(describing: argument))'"
        }
        throw RoutingError(
            .noReverseMatch,
            "No route named '\(name)' takes "
                + (given.isEmpty ? "no arguments" : "these arguments: \(given.joined(separator: ", "))")
                + ". Tried: "
                + candidates.map { $0.pieces == nil ? "\($0.text) (a regular expression)" : "'\($0.text)'" }
                .joined(separator: ", ") + ".")
    }

    /// Returns the path of the route `name` for positional arguments, in the order of the path, as used by `{% url %}`.
    /// If several routes have this name, the last one that takes these arguments is used.
    ///
    /// - Throws: ``RoutingError`` with the existing names or the patterns that were tried.
    public func reverse(_ name: String, arguments: [any RouteArgument]) throws(RoutingError) -> String {
        let candidates = (patterns[name] ?? []).reversed()
        for pattern in candidates where pattern.arguments.count == arguments.count {
            let named = Dictionary(zip(pattern.arguments, arguments)) { first, _ in first }
            if let path = Self.path(of: pattern, named) { return finished(path) }
        }
        // Report the error as for named arguments.
        let names = candidates.first?.arguments ?? []
        let named = arguments.enumerated().map { ($0 < names.count ? names[$0] : "argument \($0 + 1)", $1) }
        return try reverse(name, Dictionary(named) { first, _ in first })
    }

    private static func path(of pattern: URLPattern, _ arguments: [String: any RouteArgument]) -> String? {
        guard let pieces = pattern.pieces else { return nil }
        var unused = Set(arguments.keys)
        var path = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): path += text
            case .argument(let name, let converter):
                guard let value = arguments[name], let text = converter.toURL(value),
                    converter.matchesAll(text.utf8.span), converter.toValue(text) != nil
                else { return nil }
                unused.remove(name)
                path += text
            }
        }
        // An extra argument may repeat the value that the route itself adds.
        for name in unused {
            guard let value = pattern.defaults[name], let given = arguments[name],
                let text = RouteText.text(of: value), text == RouteText.text(of: given)
            else { return nil }
        }
        return path
    }

    private func finished(_ path: String) -> String {
        let coded = PercentEncoding.encode(path, allowing: .path)
        // Two leading slashes would name another host (Django's escape_leading_slashes).
        return rootPath + "/" + (rootPath.isEmpty && coded.hasPrefix("/") ? "%2F" + coded.dropFirst() : coded)
    }
}
