/// A watch for jobs that hold a loop for a long time. No other code runs on the loop meanwhile. Loop-bound.
final class JobWatch {
    private let limit: Duration
    private let report: (String, Duration) -> Void
    private var began = Instant(nanoseconds: 0)
    /// The name of the running job.
    var name: String?

    init(limit: Duration, report: @escaping (String, Duration) -> Void) {
        self.limit = limit
        self.report = report
    }

    func begin(_ now: Instant) {
        began = now
        name = nil
    }

    func end(_ now: Instant) {
        let held = began.duration(to: now)
        if held > limit { report(name ?? "A task", held) }
    }
}
