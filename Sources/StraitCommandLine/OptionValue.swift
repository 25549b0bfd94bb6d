/// A type of values for command-line options.
public protocol OptionValue: Sendable {
    /// Parses `argument`. Returns nil if it is not a valid value.
    init?(argument: String)

    /// The allowed values, phrased to follow "takes" in an error message: `a whole number`.
    static var expectation: String { get }
}

extension String: OptionValue {
    /// Accepts any text.
    public init?(argument: String) { self = argument }
    /// The allowed values, for error messages.
    public static var expectation: String { "text" }
}

extension Int: OptionValue {
    /// Parses a whole number.
    public init?(argument: String) { self.init(argument) }
    /// The allowed values, for error messages.
    public static var expectation: String { "a whole number" }
}

extension Double: OptionValue {
    /// Parses a finite number.
    public init?(argument: String) {
        guard let number = Double(argument), number.isFinite else { return nil }
        self = number
    }
    /// The allowed values, for error messages.
    public static var expectation: String { "a number" }
}

/// Durations in seconds, with an optional fraction. The minimum and the resolution are one millisecond.
extension Duration: OptionValue {
    /// Parses a number of seconds.
    public init?(argument: String) {
        guard let seconds = Double(argument: argument), seconds >= 0.001, seconds <= 1e9 else { return nil }
        self = .milliseconds(Int64(seconds * 1000))
    }
    /// The allowed values, for error messages.
    public static var expectation: String { "a number of seconds, 0.001 or more" }
}

/// Values separated by commas.
extension Array: OptionValue where Element: OptionValue {
    /// Parses values separated by commas.
    public init?(argument: String) {
        var values: [Element] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Element(argument: String(part)) else { return nil }
            values.append(value)
        }
        self = values
    }
    /// The allowed values, for error messages.
    public static var expectation: String { "\(Element.expectation), or several separated by commas" }
}

/// Enumerations, whose raw values are the allowed arguments.
extension OptionValue where Self: CaseIterable & RawRepresentable, RawValue == String {
    /// Parses a raw value.
    public init?(argument: String) { self.init(rawValue: argument) }
    /// The allowed values, for error messages.
    public static var expectation: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}

/// The form of an option on the command line.
package enum OptionKind: Equatable {
    /// `--name VALUE` or `--name=VALUE`.
    case value
    /// `--name` or `--no-name`.
    case flag
    /// An option that can only be given in one form, such as `--no-name`.
    case absence
    /// An argument without dashes.
    case argument(isRequired: Bool)
}

/// A size in bytes on the command line: `65536`, `64K`, `1M`, `1MiB`.
package struct ByteSize: OptionValue, Hashable {
    package let bytes: Int

    /// Creates a size.
    package init(bytes: Int) {
        self.bytes = bytes
    }

    package init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let shift: Int
        switch argument.dropFirst(digits.count).lowercased() {
        case "", "b": shift = 0
        case "k", "kb", "kib": shift = 10
        case "m", "mb", "mib": shift = 20
        case "g", "gb", "gib": shift = 30
        default: return nil
        }
        // Reject sizes above one tebibyte, which are surely mistakes. This also prevents overflow.
        guard let number = Int(digits), number > 0, number <= (1 << 40) >> shift else { return nil }
        bytes = number << shift
    }

    package static var expectation: String { "a size of at least one byte: 65536, 64K or 1M" }
}

/// A whole number in a range.
package struct WholeNumber<let low: Int, let high: Int>: OptionValue, Hashable {
    package let value: Int

    package init?(argument: String) {
        guard let number = Int(argument), number >= low, number <= high else { return nil }
        value = number
    }

    package static var expectation: String { "a whole number from \(low) to \(high)" }
}
