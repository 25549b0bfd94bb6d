package import StraitNetwork

/// How the connections of a ``MemoryServer`` behave: how long bytes are under way, in which pieces they arrive, and
/// which connections are lost. All of it is drawn from a seed, so that a failing run can be repeated: see ``Seeds``.
///
/// ```swift
/// let server = MemoryServer(site, network: .rough(seed: seed))
/// ```
///
/// A run repeats exactly as far as the application does: what it does on other threads is not the network's to decide.
public struct SimulatedNetwork: Sendable {
    /// How a connection is lost.
    public enum Loss: Sendable, Hashable {
        /// Both ends are told: a process died, or a proxy had enough.
        case reset
        /// Nothing arrives any more, and nobody is told: a cable was pulled, a telephone went into a tunnel.
        case silence
    }

    /// What everything is drawn from.
    public var seed: UInt64
    /// How many bytes one direction of a connection holds before its writer waits. 64 KiB.
    public var capacity = 64 << 10
    /// The most bytes that arrive at once; how many it is each time is drawn. Small numbers cut frames into pieces. No
    /// limit by default.
    public var largestPiece = Int.max
    /// How long bytes are under way at least. Nothing by default: each step of a test is done when it returns.
    public var delay = Duration.zero
    /// By how much longer they may be under way; drawn for each piece, and none overtakes another.
    public var jitter = Duration.zero
    /// Which part of the connections is lost, from 0 to 1.
    public var lossChance = 0.0
    /// A connection that is lost is lost behind a byte that is drawn among this many first ones, both directions taken
    /// together. 4 KiB.
    public var lossWithin = 4 << 10
    /// The ways of being lost, one of which is drawn.
    public var losses: [Loss] = [.reset, .silence]

    /// A network without faults or delays.
    public init(seed: UInt64 = 0) {
        self.seed = seed
    }

    /// A network in which everything goes wrong that may: pieces of a few bytes, delays of up to 50 ms, and every third
    /// connection is lost.
    public static func rough(seed: UInt64) -> SimulatedNetwork {
        var network = SimulatedNetwork(seed: seed)
        network.capacity = 4 << 10
        network.largestPiece = 20
        network.delay = .milliseconds(1)
        network.jitter = .milliseconds(49)
        network.lossChance = 1 / 3
        network.lossWithin = 2 << 10
        return network
    }

    /// How the connection of this number behaves.
    package func conditions(ofConnection number: Int) -> NetworkConditions {
        // A generator of each connection's own: what happens on one does not change what is drawn for the others.
        var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        let isLost = Double.random(in: 0..<1, using: &generator) < lossChance
        let lossAfter = Int.random(in: 0..<max(1, lossWithin), using: &generator)
        let loss = losses.randomElement(using: &generator) ?? .reset
        return NetworkConditions(
            seed: generator.next(), capacity: capacity, largestWrite: max(1, largestPiece), delay: delay,
            jitter: jitter, lossAfter: isLost ? lossAfter : nil, loss: loss == .reset ? .reset : .silence)
    }
}
