import Synchronization
import Testing

@testable import StraitCore

@Suite struct MetricsTexts {
    private struct Source: MetricsSource {
        let values: [Metric]
        func metrics() -> [Metric] { values }
    }

    private final class Orders: Service, MetricsSource {
        private let placed = Mutex(0)
        func place() { placed.withLock { $0 += 1 } }
        func metrics() -> [Metric] {
            [Metric(.counter, "orders_total", help: "Orders that were placed.", value: placed.withLock { $0 })]
        }
    }

    private func text(_ values: [Metric]...) -> String {
        let metrics = Metrics()
        for values in values { metrics.add(Source(values: values)) }
        return metrics.text.split(separator: "\n").filter { !$0.contains("strait_log") }.joined(separator: "\n")
    }

    @Test func `metrics with the same name are grouped under one HELP and one TYPE`() {
        let text = text(
            [
                Metric(.counter, "a_total", help: "First.", labels: ["kind": "x"], value: 1),
                Metric(.gauge, "b", help: "Second.", value: 2.5),
            ], [Metric(.counter, "a_total", help: "First.", labels: ["kind": "y"], value: 3)])
        #expect(
            text == """
                # HELP a_total First.
                # TYPE a_total counter
                a_total{kind="x"} 1
                a_total{kind="y"} 3
                # HELP b Second.
                # TYPE b gauge
                b 2.5
                """)
    }

    @Test func `equal metrics of several sources are added, or merged to the maximum`() {
        let lag = { (value: Double) in
            Metric(.gauge, "lag", help: "", labels: [Metric.Label("loop", "0")], value: value, merging: .maximum)
        }
        let metrics = Metrics()
        metrics.add(Source(values: [Metric(.counter, "a_total", help: "", value: 1), lag(0.5)]))
        metrics.add(Source(values: [Metric(.counter, "a_total", help: "", value: 2), lag(0.25)]))
        let snapshot = metrics.snapshot()
        #expect(snapshot["a_total"] == 3 && snapshot.count("a_total") == 3)
        #expect(snapshot["lag", Metric.Label("loop", "0")] == 0.5)
        #expect(snapshot["lag"] == nil && snapshot["none"] == nil && snapshot.count("none") == 0)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, 0.5])
    func `a counter value that is not a whole number reads as 0`(value: Double) {
        let metrics = Metrics()
        metrics.add(Source(values: [Metric(.counter, "a_total", help: "", value: value)]))
        #expect(metrics.snapshot().count("a_total") == 0)
    }

    @Test func `invalid names, help texts and labels are escaped`() {
        let text = text([
            Metric(.gauge, "1 a-b", help: "One\nline \\.", labels: ["a b": "\"quoted\"\n\\"], value: 1)
        ])
        #expect(
            text == #"""
                # HELP __a_b One\nline \\.
                # TYPE __a_b gauge
                __a_b{a_b="\"quoted\"\n\\"} 1
                """#)
    }

    @Test(arguments: [
        (1, "1"), (-3, "-3"), (1e15, "1000000000000000"), (0.001, "0.001"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"),
    ])
    func `numbers are written in the Prometheus format`(value: Double, number: String) {
        #expect(text([Metric(.gauge, "a", help: "", value: value)]).hasSuffix("\na \(number)"))
    }

    @Test func `a service that is a metrics source is added automatically`() async throws {
        let orders = Orders()
        let services = try Services([Metrics(), orders])
        try await services.start()
        orders.place()
        #expect(try services.service(Metrics.self).snapshot()["orders_total"] == 1)
        await services.stop(within: .seconds(10))
    }

    @Test func `metrics do not retain services`() async throws {
        let metrics = Metrics()
        weak var orders: Orders?
        do {
            let made = Orders()
            orders = made
            let services = try Services([metrics, made])
            try await services.start()
            #expect(metrics.snapshot()["orders_total"] == 0)
        }
        #expect(orders == nil && metrics.snapshot()["orders_total"] == nil)
    }
}
