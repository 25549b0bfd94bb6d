/// An error for a message whose `type` is missing or names no known case.
public struct UnknownMessageType: Error, Hashable, Sendable {
    /// The type that was given, or nil if there was none.
    public let type: String?
    /// The known types; empty unless the coding keys are `CaseIterable`.
    public let known: [String]

    /// An error about the type that was given.
    package init(type: String?, known: [String] = []) {
        self.type = type
        self.known = known
    }
}
