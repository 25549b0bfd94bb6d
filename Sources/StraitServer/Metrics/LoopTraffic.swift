internal import StraitCore
internal import Synchronization

/// The traffic counters of one event loop.
///
/// Only the loop's thread writes them. Counting a message adds to a word that no other thread writes, without a locked
/// instruction, a lock or a lookup. Bytes are counted once for each read and write of a connection.
package final class LoopTraffic: Sendable {
    /// The accepted connections.
    let accepted = OwnedCounter()
    let bytesReceived = OwnedCounter()
    let bytesSent = OwnedCounter()
    /// The requests that ended without a response.
    private let unanswered = OwnedCounter()
    // The requests by the first digit of the response's status.
    private let informed = OwnedCounter()
    private let succeeded = OwnedCounter()
    private let redirected = OwnedCounter()
    private let refused = OwnedCounter()
    private let failed = OwnedCounter()
    let handshakes = OwnedCounter()
    let messagesReceived = OwnedCounter()
    let messagesSent = OwnedCounter()
    /// The open sockets.
    let sockets = OwnedCounter()
    /// The consumers whose `disconnect` has not returned.
    let consumers = OwnedCounter()
    let workers = OwnedCounter()
    /// The number of times that a socket was not read because its consumer's mailbox was full.
    let mailboxPauses = OwnedCounter()
    /// The number of times that a socket was not read because its messages expand too much.
    let expansionRests = OwnedCounter()
    /// The connections on this loop or in transit to it. The acceptor changes it too.
    private let placed = Atomic<Int>(0)

    init() {}

    var connections: Int { placed.load(ordering: .relaxed) }
    func addConnections(_ count: Int) { placed.wrappingAdd(count, ordering: .relaxed) }

    /// Counts a request by the response's status; nil if it ended without a response.
    func answered(_ status: Int?) { counter(ofClass: status.map { $0 / 100 }) { $0.add() } }

    /// Returns the number of requests with a status of this class, 1 to 5; nil for those without a response.
    func requests(ofClass number: Int?) -> Int {
        var count = 0
        counter(ofClass: number) { count = $0.value }
        return count
    }

    private func counter(ofClass number: Int?, _ use: (borrowing OwnedCounter) -> Void) {
        switch number {
        case nil: use(unanswered)
        case 1?: use(informed)
        case 2?: use(succeeded)
        case 3?: use(redirected)
        case 4?: use(refused)
        default: use(failed)
        }
    }
}
