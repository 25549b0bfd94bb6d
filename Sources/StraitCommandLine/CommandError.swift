/// A failure of a command. Its one-line text says what happened and what to do. The program exits with code 1.
public struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text that the program prints.
    public let description: String

    /// Creates an error with the text to print.
    public init(_ description: String) {
        self.description = description
    }
}
