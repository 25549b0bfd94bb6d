/// One of the values that a field may have, with its label.
public struct Choice: Sendable, Hashable {
    /// The value that a form submits.
    public let value: String
    /// The text that the page shows.
    public let label: String

    /// Creates a choice.
    ///
    /// - Parameters:
    ///   - value: The value that a form submits.
    ///   - label: The text that the page shows; nil for the value.
    public init(_ value: String, _ label: String? = nil) {
        self.value = value
        self.label = label ?? value
    }
}

extension Choice: ExpressibleByStringLiteral {
    /// Creates a choice whose label is its value.
    public init(stringLiteral value: String) { self.init(value) }
}
