/// A mistake in a handler's use of its request or response.
enum ExchangeError: Error, Hashable, CustomStringConvertible {
    /// Two tasks await the body's next piece.
    case secondReader
    /// Two tasks wait for the client to read what they wrote.
    case secondWriter

    var description: String {
        switch self {
        case .secondReader:
            "Another task is already reading the request's body. Read it in one task, and pass the bytes on from there."
        case .secondWriter:
            "Another task is already writing the response. Write it in one task, or wait for the other task to finish."
        }
    }
}
