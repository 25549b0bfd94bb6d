internal import Glibc

/// The growth of CPU time when the input's size doubles: about 2 for linear work and 4 for quadratic work.
package enum TimeGrowth {
    /// The shortest time that counts, in seconds. Noise would dominate shorter times.
    private static let floor = 0.005

    /// Returns the smallest growth of several runs. It stops early if a run is below `limit`.
    ///
    /// It measures the thread's CPU time, so other work on the machine does not count. Other work still evicts caches,
    /// which can slow an input that just fits them more than one of half the size. Therefore, a growth above `limit`
    /// has to occur again between inputs of twice and four times the size.
    ///
    /// - Parameters:
    ///   - size: The size of the smaller input.
    ///   - limit: The growth below which no more runs are needed.
    ///   - input: Creates an input of a given size, before the measurement.
    ///   - work: The work, which stays on its thread.
    package static func smallest<Input>(
        from size: Int, below limit: Double = 2.5, of input: (Int) throws -> Input, _ work: (Input) throws -> Void
    ) rethrows -> Double {
        let growth = try growth(from: size, below: limit, of: input, work)
        return growth < limit ? growth : min(growth, try Self.growth(from: 2 * size, below: limit, of: input, work))
    }

    private static func growth<Input>(
        from size: Int, below limit: Double, of input: (Int) throws -> Input, _ work: (Input) throws -> Void
    ) rethrows -> Double {
        let (small, large) = (try input(size), try input(2 * size))
        var best = (small: Double.infinity, large: Double.infinity)
        var growth = Double.infinity
        for _ in 0..<40 {
            best.small = min(best.small, try seconds { try work(small) })
            best.large = min(best.large, try seconds { try work(large) })
            growth = best.large / max(best.small, floor)
            // Linear work on an input of this size never takes this long.
            if growth < limit || best.large > 20 { break }
        }
        return growth
    }

    /// Returns the CPU time of the calling thread in `work`, in seconds.
    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = now
        try work()
        return now - start
    }

    private static var now: Double {
        var time = timespec()
        // SAFETY: the call fills the value that it receives.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Texts of combining marks, which `String` needs quadratic time to compare, hash and split.
package enum CombiningMarks {
    /// Returns `a` followed by repeated U+0301 and U+0323, in `bytes` bytes, rounded down.
    package static func text(bytes: Int) -> String {
        "a" + String(repeating: "\u{301}\u{323}", count: max(0, bytes - 1) / 4)
    }
}
