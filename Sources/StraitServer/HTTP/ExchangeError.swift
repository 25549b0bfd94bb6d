/// A mistake in how a handler uses its request or response.
enum ExchangeError: Error, Hashable, CustomStringConvertible {
    /// Two tasks await the body's next piece.
    case secondReader
    /// Two tasks wait for the client to take what they wrote.
    case secondWriter

    var description: String {
        switch self {
        case .secondReader:
            "The request's body is read by another task already. Read it in one task, and pass on from there what came."
        case .secondWriter:
            "The response is written by another task already. Write it in one task, or wait for the other's turn to end."
        }
    }
}
