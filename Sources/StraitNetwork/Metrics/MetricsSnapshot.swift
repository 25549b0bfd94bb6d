/// The values of all metrics at one moment.
///
/// Each module adds its values as properties: `snapshot.connections.open`, `snapshot.layers["default"]?.groups`.
public struct MetricsSnapshot: Sendable {
    /// The metrics of one name, side by side.
    private var families: [[Metric]] = []
    private var places: [String: Int] = [:]

    init() {}

    /// The metrics in the order of their sources; those of one name are side by side.
    public var metrics: [Metric] { families.flatMap(\.self) }

    /// The value of the metric with this name and these labels; nil if there is none.
    public subscript(name: String, labels: Metric.Label...) -> Double? {
        self[name].first { $0.labels == labels }?.value
    }

    /// The metrics of this name.
    public subscript(name: String) -> [Metric] { places[name].map { families[$0] } ?? [] }

    /// The value of the metric with this name and these labels as a whole number; 0 if there is none.
    package func count(_ name: String, _ labels: Metric.Label...) -> Int {
        Int(self[name].first { $0.labels == labels }?.value ?? 0)
    }

    mutating func add(_ metrics: [Metric]) {
        for metric in metrics { add(metric) }
    }

    private mutating func add(_ metric: Metric) {
        guard let place = places[metric.name] else {
            places[metric.name] = families.count
            return families.append([metric])
        }
        guard let index = families[place].firstIndex(where: { $0.labels == metric.labels }) else {
            return families[place].append(metric)
        }
        let value = families[place][index].value
        families[place][index].value = metric.merging == .sum ? value + metric.value : max(value, metric.value)
    }
}
