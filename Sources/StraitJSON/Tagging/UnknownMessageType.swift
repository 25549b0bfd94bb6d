/// An error about the `type` of a message: it names no case that is known, or there is none.
public struct UnknownMessageType: Error, Hashable, Sendable {
    /// The type that was given, or nil if there was none.
    public let type: String?
    /// The types that there are; empty if the coding keys cannot be counted. They can if they are `CaseIterable`.
    public let known: [String]

    /// An error about the type that was given.
    package init(type: String?, known: [String] = []) {
        self.type = type
        self.known = known
    }
}
