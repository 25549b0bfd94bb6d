import StraitNetwork

/// Why a server could not do what it was asked to; the text says what to do about it.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(_ error: TransportError) {
        description = error.description
    }
}
