/// Why a command was not done, or nobody knows whether it was.
package enum RedisFailure: Error, Hashable, Sendable {
    /// It never left: there is no connection, and none came in time.
    case unavailable(String)
    /// It left, and the connection was lost before the answer: it may have been done or not.
    case lost(String)
    /// Redis refused it.
    case refused(RedisServerError)
    /// More waits to be sent than may.
    case overloaded(String)
    /// Who asked wants it no more.
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
