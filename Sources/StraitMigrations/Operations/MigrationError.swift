/// An error in migrations, or while they run, and what to do.
public struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem and its solution.
    public let description: String

    /// Creates an error.
    package init(_ description: String) { self.description = description }
}
