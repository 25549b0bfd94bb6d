/// An error for a message whose `type` is missing or unknown.
public struct UnknownMessageType: Error, Hashable, Sendable {
    /// The message's type; nil if it has none.
    public let type: String?
    /// The known types; empty unless the coding keys are `CaseIterable`.
    public let known: [String]

    /// Creates an error.
    package init(type: String?, known: [String] = []) {
        self.type = type
        self.known = known
    }
}
