/// What can be given as an option's value on the command line.
public protocol OptionValue: Sendable {
    /// The value that `argument` means, or nil where it is none.
    init?(argument: String)

    /// What is allowed, as an error says it after "takes": `a whole number`.
    static var expectation: String { get }
}

extension String: OptionValue {
    public init?(argument: String) { self = argument }
    public static var expectation: String { "a text" }
}

extension Int: OptionValue {
    public init?(argument: String) { self.init(argument) }
    public static var expectation: String { "a whole number" }
}

extension Double: OptionValue {
    public init?(argument: String) {
        guard let number = Double(argument), number.isFinite else { return nil }
        self = number
    }
    public static var expectation: String { "a number" }
}

/// Seconds, with a fraction if need be; a millisecond at least, which is as finely as time is kept.
extension Duration: OptionValue {
    public init?(argument: String) {
        guard let seconds = Double(argument: argument), seconds >= 0.001, seconds <= 1e9 else { return nil }
        self = .milliseconds(Int64(seconds * 1000))
    }
    public static var expectation: String { "a number of seconds, 0.001 or more" }
}

/// Values separated by commas.
extension Array: OptionValue where Element: OptionValue {
    public init?(argument: String) {
        var values: [Element] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Element(argument: String(part)) else { return nil }
            values.append(value)
        }
        self = values
    }
    public static var expectation: String { "\(Element.expectation), or several with commas between them" }
}

/// One of an enumeration's raw values.
extension OptionValue where Self: CaseIterable & RawRepresentable, RawValue == String {
    public init?(argument: String) { self.init(rawValue: argument) }
    public static var expectation: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}
