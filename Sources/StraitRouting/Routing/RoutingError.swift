/// What is wrong with an application's routes, or with a path that is asked of them.
public struct RoutingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error, for tests and for code that reacts to one.
    public enum Code: Sendable, Hashable {
        case badPattern, missingTarget, noChannel, rootPath, noReverseMatch
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func noChannel(_ channel: String, known: [String]) -> RoutingError {
        RoutingError(
            .noChannel,
            "No worker is routed to for the channel '\(channel)'. "
                + (known.isEmpty ? "Give the ChannelNameRouter one." : "There is \(known.joined(separator: ", ")).")
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
            "The route to \(place) has no target. Give it one behind its path: a function, a view, a consumer, or another "
                + "application.")
    }

    static func rootPath(_ rootPath: String, path: String) -> RoutingError {
        RoutingError(
            .rootPath,
            "The root path '\(rootPath)' is not the beginning of the path '\(path)': the proxy in front and the root "
                + "path that is set here do not agree.")
    }
}
