import StraitNetwork

/// A failure of a server operation, with advice in its text.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    /// The problem and its solution.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(_ error: TransportError) {
        description = error.description
    }
}
