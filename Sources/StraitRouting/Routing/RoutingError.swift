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
