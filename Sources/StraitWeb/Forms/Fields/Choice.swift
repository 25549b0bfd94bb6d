/// One of the values that a field may have, and what a page calls it.
public struct Choice: Sendable, Hashable {
    /// What is sent.
    public let value: String
    /// What is shown.
    public let label: String

    /// - Parameter label: By default the value.
    public init(_ value: String, _ label: String? = nil) {
        self.value = value
        self.label = label ?? value
    }
}

extension Choice: ExpressibleByStringLiteral {
    /// A choice that is called what it is.
    public init(stringLiteral value: String) { self.init(value) }
}
