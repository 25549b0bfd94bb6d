internal import StraitNetwork
internal import Synchronization

/// The traffic of one event loop's connections.
///
/// Only the loop's thread writes, so that a message costs the addition to a word that no other thread writes: no locked
/// instruction, no lock and no look-up. Bytes are counted once a read and once a write of a connection.
package final class LoopTraffic: Sendable {
    /// Connections that were accepted.
    let accepted = OwnedCounter()
    let bytesReceived = OwnedCounter()
    let bytesSent = OwnedCounter()
    /// Requests that ended without a response.
    private let unanswered = OwnedCounter()
    // Requests by the first digit of the status of the response.
    private let informed = OwnedCounter()
    private let succeeded = OwnedCounter()
    private let redirected = OwnedCounter()
    private let refused = OwnedCounter()
    private let failed = OwnedCounter()
    let handshakes = OwnedCounter()
    let messagesReceived = OwnedCounter()
    let messagesSent = OwnedCounter()
    /// Sockets that are open.
    let sockets = OwnedCounter()
    /// Consumers whose `disconnect` has not returned.
    let consumers = OwnedCounter()
    let workers = OwnedCounter()
    /// The number of times that a socket was left unread because its consumer's mailbox was full.
    let mailboxPauses = OwnedCounter()
    /// The number of times that a socket was left unread because its messages expand too much.
    let expansionRests = OwnedCounter()
    /// Connections that the loop has or was given. The acceptor adds, too.
    private let placed = Atomic<Int>(0)

    init() {}

    var connections: Int { placed.load(ordering: .relaxed) }
    func addConnections(_ count: Int) { placed.wrappingAdd(count, ordering: .relaxed) }

    /// A request was answered with `status`; nil if it ended without a response.
    func answered(_ status: Int?) { counter(ofClass: status.map { $0 / 100 }) { $0.add() } }

    /// The requests that were answered with a status of a class, 1 to 5; nil for those without a response.
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
