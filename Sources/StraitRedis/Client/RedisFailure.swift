/// The reason that a command has no result.
package enum RedisFailure: Error, Hashable, Sendable {
    /// The command was not sent: there was no connection in time.
    case unavailable(String)
    /// The connection was lost after the command was sent and before the reply. Redis may or may not have run the
    /// command.
    case lost(String)
    /// Redis replied with an error.
    case refused(RedisServerError)
    /// Too many bytes of commands wait for a connection.
    case overloaded(String)
    /// The caller cancelled the command.
    case cancelled
}

extension RedisFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let text), .lost(let text), .overloaded(let text): text
        case .refused(let error): error.description
        case .cancelled: "The command was cancelled."
        }
    }
}
