/// Finds the jobs that hold a loop for long: while one runs, nothing else on the loop does. Loop-bound.
final class JobWatch {
    private let limit: Duration
    private let report: (String, Duration) -> Void
    private var began = Instant(nanoseconds: 0)
    /// What the job that runs now is.
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
