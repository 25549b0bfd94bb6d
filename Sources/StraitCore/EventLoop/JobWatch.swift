/// A watch for long jobs. No other code runs on the loop during a job. Loop-bound.
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

extension EventLoop {
    /// Calls `report` after each job that held the loop for longer than `limit`, with the job's name and duration.
    package func watchJobs(over limit: Duration, _ report: @escaping (_ what: String, _ held: Duration) -> Void) {
        assertOnLoop()
        jobWatch = JobWatch(limit: limit, report: report)
        isWatched = true
    }

    /// Names the running job for ``watchJobs(over:_:)``. `job` is evaluated only if jobs are watched.
    package func names(_ job: @autoclosure () -> String) {
        jobWatch?.name = job()
    }

    /// Runs `work`, which is user code outside of a task. ``watchJobs(over:_:)`` reports it as a separate job.
    package func watched<Result>(_ job: @autoclosure () -> String, _ work: () -> Result) -> Result {
        guard isWatched else { return work() }
        jobWatch?.begin(time.now)
        jobWatch?.name = job()
        defer { jobWatch?.end(time.now) }
        return work()
    }

    /// The name that ``names(_:)`` gave to the running job.
    var jobName: String? {
        get { jobWatch?.name }
        set { jobWatch?.name = newValue }
    }
}
