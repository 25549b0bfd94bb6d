public import StraitCore
internal import Synchronization

/// The counts of a database's statements.
final class DatabaseCounters: Sendable {
    private let statements = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    /// Counts the statement that `body` runs, with its time.
    nonisolated(nonsending) func count<Output>(
        _ body: nonisolated(nonsending) () async throws -> Output
    ) async throws -> Output {
        let start = SystemTime().now
        defer {
            let time = start.duration(to: SystemTime().now).nanoseconds
            statements.wrappingAdd(1, ordering: .relaxed)
            nanoseconds.wrappingAdd(Int(time), ordering: .relaxed)
        }
        do {
            return try await body()
        } catch {
            failures.wrappingAdd(1, ordering: .relaxed)
            throw error
        }
    }

    /// The number of statements that have ended.
    var statementCount: Int { statements.load(ordering: .relaxed) }

    fileprivate var values: (statements: Int, failures: Int, seconds: Double) {
        (
            statements.load(ordering: .relaxed), failures.load(ordering: .relaxed),
            Double(nanoseconds.load(ordering: .relaxed)) / 1e9
        )
    }
}

extension Database: MetricsSource {
    /// The number of statements that have ended, without those that begin and end transactions.
    package var statementCount: Int { counters.statementCount }

    /// The number of connections, of callers that wait for one, of statements and of failures, and the time of the
    /// statements. The time of a result in batches includes the handling of the batches.
    public func metrics() -> [Metric] {
        guard let usage = driver?.usage else { return [] }
        let (statements, failures, seconds) = counters.values
        return [
            Metric(
                .gauge, "strait_database_connections", help: "Open connections to the database.",
                value: usage.connections),
            Metric(
                .gauge, "strait_database_waiting", help: "Callers that wait for a connection.", value: usage.waiting),
            Metric(
                .counter, "strait_database_statements_total", help: "Statements that have ended.", value: statements),
            Metric(
                .counter, "strait_database_failures_total", help: "Statements that have failed.", value: failures),
            Metric(
                .counter, "strait_database_seconds_total",
                help: "Time of the statements in seconds, with the wait for a connection.", value: seconds),
        ]
    }
}
