import StraitCore
import StraitHTTP
import StraitTesting
import StraitWebSocket

/// A random life of a consumer: its handshake, the messages of its client, and its end. Tests play it on servers with
/// different transports and channel layers, and check the journal with ``violations(in:place:)``.
package struct Life: Sendable {
    /// The client's last action.
    package enum Ending: CaseIterable, Sendable {
        case closes, closesAndLeaves, breaksProtocol, leaves, resets, serverStops
    }

    /// The consumer's reaction to the handshake.
    package enum Connecting: CaseIterable, Sendable {
        case accepts, waitsAndAccepts, acceptsAndWaits, failsBehindAccept, failsBefore, closes
    }

    /// The weights of the choices in a test's lives. Repeating a choice makes it more likely.
    package struct Mix: Sendable {
        package var connecting = Connecting.allCases
        /// The kinds of messages. m: echo; s: sleep; j: join the group, then sleep; t: sleep, then track; g: send to
        /// the group.
        package var messages = "mmmmssjjttggg"
        /// The maximum number of messages.
        package var length = 12

        package init() {}
    }

    /// The consumer's key in the presence, and the prefix of its words in the group. Unique among the lives in a group.
    package let name: String
    let connecting: Connecting
    let messages: [String]
    package let ending: Ending
    /// The sizes of the client's writes, in bytes.
    private let pieces: [Int]
    /// The client's waits after its writes, in units of ``unit``.
    private let waits: [Int]
    /// The unit of all waits of the client and the consumer. A wait lasts at most 2,000 units.
    let unit: Duration

    /// Creates the life of a seed, which determines all choices.
    package init(seed: UInt64, name: String = "me", unit: Duration = .milliseconds(1), mix: Mix = Mix()) {
        self.name = name
        self.unit = unit
        var random = SeededGenerator(seed: seed)
        connecting = random.pick(mix.connecting)
        ending = random.pick(Ending.allCases)
        // e: fail; c: close.
        let kinds = mix.messages + (Int.random(in: 0..<4, using: &random) == 0 ? "ec" : "")
        messages = (0..<Int.random(in: 0...mix.length, using: &random)).map { index in
            "\(random.pick(kinds))\(index)"
        }
        pieces = (0..<4).map { _ in Int.random(in: 20...300, using: &random) }
        waits = (0..<4).map { _ in Int.random(in: 0...2_000, using: &random) }
    }

    /// Returns the client's writes, each with the wait that follows it. The first write begins with the request's head.
    /// If the client closes or breaks the protocol, the last write ends with that.
    package func writes() throws -> [(bytes: [UInt8], wait: Duration)] {
        let head = Array(
            try MemoryWebSocket.request("/ws/", headers: HTTPFields(), subprotocols: [], compresses: false).utf8)
        var bytes = head + messages.flatMap { MemoryWebSocket.frame(.text, Array($0.utf8)) }
        switch ending {
        case .closes, .closesAndLeaves:
            bytes += MemoryWebSocket.frame(.close, MemoryWebSocket.payload(CloseCode(rawValue: 4001), "bye"))
        case .breaksProtocol: bytes += MemoryWebSocket.frame(.text, [0xFF])
        case .leaves, .resets, .serverStops: break
        }
        var writes: [(bytes: [UInt8], wait: Duration)] = []
        var sent = 0
        while sent < bytes.count {
            let step = writes.count % pieces.count
            let end = min(bytes.count, sent + pieces[step] + (sent == 0 ? head.count : 0))
            writes.append((Array(bytes[sent..<end]), unit * waits[step]))
            sent = end
        }
        return writes
    }
}
