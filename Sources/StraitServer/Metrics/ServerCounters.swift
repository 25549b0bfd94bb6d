package import StraitConsumers
internal import StraitHTTP
package import StraitNetwork
internal import StraitWebSocket
internal import Synchronization

/// The rare events of a server since it started, over all its loops: drops, refusals and limits. ``LoopTraffic`` has the
/// counts of every message.
package final class ServerCounters: Sendable {
    package let consumers = ConsumerCounters()
    private let afterClose = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let limits = Mutex<[Limit: Int]>([:])
    private let refusals = Mutex<[Int: Int]>([:])
    private let closes = Mutex<[Int: Int]>([:])

    package init() {}

    /// Messages that arrived between our close frame and the peer's.
    package var droppedAfterClose: Int { afterClose.load(ordering: .relaxed) }
    /// The bytes of messages that have begun to arrive and are not complete.
    package var unfinishedBytes: Int { unfinished.load(ordering: .relaxed) }

    /// The number of times that a limit was reached.
    package func reached(_ limit: MetricsSnapshot.Limit) -> Int { limits.withLock { $0[limit] ?? 0 } }
    /// Refused handshakes by the status of the response.
    package var refusedHandshakes: [Int: Int] { refusals.withLock { $0 } }
    /// Ended sockets by close code. Codes that a library or an application chose (3000 to 4999) count as their first, so that
    /// clients cannot fill the memory.
    package var closedSockets: [Int: Int] { closes.withLock { $0 } }

    /// Adds `change` to the bytes of unfinished messages and returns the new total.
    func holdUnfinished(_ change: Int) -> Int {
        unfinished.wrappingAdd(change, ordering: .relaxed).newValue
    }

    func reach(_ limit: Limit) { limits.withLock { $0[limit, default: 0] += 1 } }
    func dropAfterClose() { afterClose.wrappingAdd(1, ordering: .relaxed) }
    func refuseHandshake(_ status: HTTPStatus) { refusals.withLock { $0[status.code, default: 0] += 1 } }

    func closeSocket(_ code: CloseCode) {
        let code = code.rawValue < 3000 ? Int(code.rawValue) : code.rawValue < 4000 ? 3000 : 4000
        closes.withLock { $0[code, default: 0] += 1 }
    }

    /// A request could not be read, and was answered with `status`.
    func refuseRequest(_ status: HTTPStatus) {
        switch status {
        case .uriTooLong: reach(.requestLine)
        case .headerFieldsTooLarge: reach(.requestHeaders)
        case .contentTooLarge: reach(.requestBody)
        case .requestTimeout: reach(.requestTime)
        default: break
        }
    }
}
