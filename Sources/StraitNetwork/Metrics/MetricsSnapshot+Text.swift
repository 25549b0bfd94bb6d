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
