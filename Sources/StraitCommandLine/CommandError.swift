/// Why a command failed, in one line that says what to do. Ends the program with code 1.
public struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
