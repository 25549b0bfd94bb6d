package import StraitConsumers
internal import StraitHTTP
package import StraitNetwork
internal import StraitWebSocket
internal import Synchronization

/// Counters of a server's rare events over all its loops: drops, refusals and limits. ``LoopTraffic`` counts the
/// frequent ones.
package final class ServerCounters: Sendable {
    package let consumers = ConsumerCounters()
    private let afterClose = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let limits = Mutex<[Limit: Int]>([:])
    private let refusals = Mutex<[Int: Int]>([:])
    private let closes = Mutex<[Int: Int]>([:])

    package init() {}

    /// The number of messages that arrived between the server's close frame and the client's.
    package var droppedAfterClose: Int { afterClose.load(ordering: .relaxed) }
    /// The number of bytes of unfinished messages.
    package var unfinishedBytes: Int { unfinished.load(ordering: .relaxed) }

    /// The number of times that a limit was reached.
    package func reached(_ limit: MetricsSnapshot.Limit) -> Int { limits.withLock { $0[limit] ?? 0 } }
    /// The refused handshakes by the response's status.
    package var refusedHandshakes: [Int: Int] { refusals.withLock { $0 } }
    /// The ended sockets by close code. Codes that a library or an application chose (3000 to 4999) count as 3000 or
    /// 4000, so that clients cannot fill the memory.
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

    /// Counts the limit, if any, for which a request was refused with `status`.
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
