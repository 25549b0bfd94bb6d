/// The values of all metrics at one point in time.
///
/// Each module adds its values as properties: `snapshot.connections.open`, `snapshot.layers["default"]?.groups`.
public struct MetricsSnapshot: Sendable {
    /// The metrics, grouped by name.
    private var families: [[Metric]] = []
    /// The index of each name in the families.
    private var places: [String: Int] = [:]
    /// The index of each name and labels in its family.
    private var members: [Member: Int] = [:]

    private struct Member: Hashable {
        let name: String
        let labels: [Metric.Label]
    }

    init() {}

    /// All metrics in the order of their sources; metrics with the same name are adjacent.
    public var metrics: [Metric] { families.flatMap(\.self) }

    /// The value of the metric with this name and these labels, or nil if there is none.
    public subscript(name: String, labels: Metric.Label...) -> Double? { value(name, labels) }

    /// All metrics with this name.
    public subscript(name: String) -> [Metric] { places[name].map { families[$0] } ?? [] }

    /// Returns the value of the metric with this name and these labels as an integer. Returns 0 if there is none, or if
    /// a source of the site has made it fractional.
    package func count(_ name: String, _ labels: Metric.Label...) -> Int { Int(exactly: value(name, labels) ?? 0) ?? 0 }

    private func value(_ name: String, _ labels: [Metric.Label]) -> Double? {
        guard let index = members[Member(name: name, labels: labels)], let place = places[name] else { return nil }
        return families[place][index].value
    }

    mutating func add(_ metrics: [Metric]) {
        for metric in metrics { add(metric) }
    }

    private mutating func add(_ metric: Metric) {
        let place = places[metric.name, default: families.count]
        if place == families.count {
            places[metric.name] = place
            families.append([])
        }
        let index = members[Member(name: metric.name, labels: metric.labels), default: families[place].count]
        if index == families[place].count {
            members[Member(name: metric.name, labels: metric.labels)] = index
            return families[place].append(metric)
        }
        let value = families[place][index].value
        families[place][index].value = metric.merging == .sum ? value + metric.value : max(value, metric.value)
    }
}

extension MetricsSnapshot {
    /// The metrics in Prometheus' text format, version 0.0.4, which OpenMetrics collectors can also read:
    /// `strait_connections_open 5`.
    public var text: String {
        var text = ""
        var last: String?
        for metric in metrics {
            let name = Self.name(metric.name)
            if last != name {
                text += "# HELP \(name) \(Self.escaped(metric.help))\n# TYPE \(name) \(metric.kind.rawValue)\n"
                last = name
            }
            text += name
            if !metric.labels.isEmpty {
                let labels = metric.labels.map { "\(Self.name($0.name))=\"\(Self.escaped($0.value, quoted: true))\"" }
                text += "{" + labels.joined(separator: ",") + "}"
            }
            text += " \(Self.number(metric.value))\n"
        }
        return text
    }

    /// Returns `text` with each character that a name cannot have replaced by `_`.
    private static func name(_ text: String) -> String {
        var name = ""
        for byte in text.utf8 {
            let isDigit = (0x30...0x39).contains(byte)
            let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let isAllowed = isLetter || isDigit && !name.isEmpty
            name.unicodeScalars.append(isAllowed ? Unicode.Scalar(byte) : "_")
        }
        return name.isEmpty ? "_" : name
    }

    private static func escaped(_ text: String, quoted: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += #"\\"#
            case "\n": escaped += #"\n"#
            case "\"" where quoted: escaped += #"\""#
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return "\(whole)" }
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return "\(value)"
    }
}
