package import StraitCore

/// The behavior of a ``MemoryServer``'s connections: their delays, the sizes of the pieces that arrive, and lost
/// connections. Everything is drawn from a seed, so that a failing run can be repeated; see ``Seeds``.
///
/// ```swift
/// let server = MemoryServer(site, network: .rough(seed: seed))
/// ```
///
/// Runs are reproducible only if the application's own work is. The network does not control work on other threads.
public struct SimulatedNetwork: Sendable {
    /// The way in which a connection is lost.
    public enum Loss: Sendable, Hashable {
        /// Both ends see a reset, as when a process dies or a proxy closes the connection.
        case reset
        /// No more data arrives and neither end is notified, as when a cable is unplugged or a phone loses its signal.
        case silence
    }

    /// The seed of all random choices.
    public var seed: UInt64
    /// The number of bytes that each direction of a connection buffers before its writer has to wait. The default is 64
    /// KiB.
    public var capacity = 64 << 10
    /// The maximum number of bytes that arrive at once. The actual number is random. Small values split frames into
    /// pieces. There is no limit by default.
    public var largestPiece = Int.max
    /// The minimum delay of all bytes. The default is zero: each action of a test is complete when it returns.
    public var delay = Duration.zero
    /// The maximum additional delay, drawn for each piece. Pieces stay in order.
    public var jitter = Duration.zero
    /// The fraction of connections that are lost, from 0 to 1.
    public var lossChance = 0.0
    /// The number of bytes within which a lost connection fails, counting both directions. The exact position is
    /// random. The default is 4 KiB.
    public var lossWithin = 4 << 10
    /// The possible kinds of loss, one of which is drawn for each lost connection.
    public var losses: [Loss] = [.reset, .silence]

    /// Creates a network without faults or delays.
    public init(seed: UInt64 = 0) {
        self.seed = seed
    }

    /// Returns a network with severe faults: pieces of at most 20 bytes, delays of up to 50 ms, and one in three
    /// connections lost.
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

    /// Returns the conditions of the connection with this number.
    package func conditions(ofConnection number: Int) -> NetworkConditions {
        // Each connection has its own generator, so that activity on one does not change the others' values.
        var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        let isLost = Double.random(in: 0..<1, using: &generator) < lossChance
        let lossAfter = Int.random(in: 0..<max(1, lossWithin), using: &generator)
        let loss = losses.randomElement(using: &generator) ?? .reset
        return NetworkConditions(
            seed: generator.next(), capacity: capacity, largestWrite: max(1, largestPiece), delay: delay,
            jitter: jitter, lossAfter: isLost ? lossAfter : nil, loss: loss == .reset ? .reset : .silence)
    }
}
