/// A measured value with its name, as exporters need it.
///
/// ```swift
/// Metric(.counter, "orders_total", help: "Orders that were placed.", labels: ["shop": "tea"], value: 17)
/// ```
public struct Metric: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// A number that only grows while the process runs. Its name ends with `_total`.
        case counter
        /// A number that goes up and down.
        case gauge
    }

    /// A name and a value that tell metrics of one name apart.
    public struct Label: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public let kind: Kind
    /// Letters, digits and underscores, with the unit at its end: `strait_bytes_sent_total`.
    public let name: String
    /// One sentence.
    public let help: String
    public let labels: [Label]
    public internal(set) var value: Double
    /// The way in which the values of two sources with the same name and labels become one.
    let merging: Merging

    /// The ways to make one value of two.
    package enum Merging: Sendable, Hashable {
        case sum, maximum
    }

    /// A metric. If several sources have the same name and labels, their values are added.
    public init(
        _ kind: Kind, _ name: String, help: String, labels: KeyValuePairs<String, String> = [:], value: Double
    ) {
        self.init(kind, name, help: help, labels: labels.map { Label($0.key, $0.value) }, value: value)
    }

    /// A metric whose value is a whole number.
    public init(
        _ kind: Kind, _ name: String, help: String, labels: KeyValuePairs<String, String> = [:], value: Int
    ) {
        self.init(kind, name, help: help, labels: labels, value: Double(value))
    }

    package init(
        _ kind: Kind, _ name: String, help: String, labels: [Label], value: Double, merging: Merging = .sum
    ) {
        self.kind = kind
        self.name = name
        self.help = help
        self.labels = labels
        self.value = value
        self.merging = merging
    }
}
