import StraitNetwork

/// When a silent peer is pinged and when it is given up, and how long it took to answer (RFC 6455 §5.5.2). A value
/// without I/O: times and pongs go in, what to do comes out.
///
/// Whatever arrives is a sign of life. Who drives the socket keeps the time of the last one and hands it in: it changes
/// with every read, and this is looked at once an interval.
struct Heartbeat {
    /// What the owner of the socket has to do.
    enum Action: Equatable {
        /// Look again after this long.
        case wait(Duration)
        /// Send a ping with this payload, and look again after this long.
        case ping(Bytes, Duration)
        /// The peer answered no ping in time.
        case giveUp
    }

    /// How long a peer may be silent before it is pinged.
    let interval: Duration
    private let timeout: Duration
    /// When the latest ping was sent; nil once it is answered, or cannot be.
    private var sent: Instant?
    /// The number of the latest ping, which its payload carries: a peer may send pongs that answer nothing (§5.5.3).
    private var number = 0
    /// How long the peer took to answer the latest ping that it answered; nil before the first.
    private(set) var latency: Duration?

    /// - Parameters:
    ///   - interval: How long a peer may be silent before it is pinged.
    ///   - timeout: How long it may be silent after a ping before it is given up.
    init(interval: Duration, timeout: Duration) {
        // An interval of nothing would have the loop look again and again and do nothing else.
        self.interval = max(interval, .milliseconds(1))
        self.timeout = max(timeout, .milliseconds(1))
    }

    private var payload: Bytes { Bytes("strait \(number)") }

    /// What there is to do about a peer that was last heard at `lastHeard`.
    mutating func check(now: Instant, lastHeard: Instant) -> Action {
        if let sent, lastHeard < sent {
            let waited = sent.duration(to: now)
            return waited < timeout ? .wait(timeout - waited) : .giveUp
        }
        let silence = lastHeard.duration(to: now)
        if silence < interval { return .wait(interval - silence) }
        number += 1
        sent = now
        return .ping(payload, min(interval, timeout))
    }

    /// A pong arrived.
    mutating func heard(pong: Bytes, now: Instant) {
        guard let sent, pong == payload else { return }
        latency = sent.duration(to: now)
        self.sent = nil
    }

    /// Nothing is read, or sent, for a while: a pong will be seen too late to tell anything.
    mutating func pause() {
        sent = nil
    }
}
