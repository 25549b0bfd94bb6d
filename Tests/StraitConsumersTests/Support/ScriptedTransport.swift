import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket

/// A transport that notes a consumer's calls. Loop-bound.
final class ScriptedTransport: ConsumerTransport {
    private let journal: Journal
    weak var session: ConsumerSession?
    /// The state that `send` returns.
    var state = SendState.sent
    /// Whether the peer has received everything that was sent.
    var isDrained = true
    /// The consumer's close, which rejects the handshake if it was not accepted.
    private(set) var closed: Close?
    /// The round-trip time of the latest ping.
    var latency: Duration?
    private var drainCalls: [() -> Void] = []

    init(journal: Journal) {
        self.journal = journal
    }

    var acceptChanges: [Resolution.AcceptChange] = []

    func accept(subprotocol: String?, headers: HTTPFields) {
        let fields = headers.map { " \($0.name): \($0.value)" }.joined()
        journal.note("accept" + (subprotocol.map { " " + $0 } ?? "") + fields)
        session?.setOpen(true)
    }

    func deny(_ response: Response) {
        journal.note("deny \(response.status.code)")
        closed = Close(code: .abnormal, wasClean: false)
    }

    func send(_ message: Message) -> SendState {
        journal.note("send " + (message.text ?? "\(message.payload)"))
        return state
    }

    func forward(_ batch: EventBatch) {
        for event in batch.events {
            switch event.outgoing {
            case .success(let outgoing): journal.note("forward \(String(decoding: outgoing.payload, as: UTF8.self))")
            case .failure(let error): journal.note("no forward: \(error)")
            }
        }
    }

    /// Whether events have to wait.
    var isBehind = false
    func overflow(_ what: String) { journal.note("overflow") }

    func close(_ code: CloseCode, reason: String) {
        journal.note("close \(code)" + (reason.isEmpty ? "" : " " + reason))
        if closed == nil { closed = Close(code: code, wasClean: session?.isOpen == true) }
        session?.setOpen(false)
    }

    func sendCloseReply() { session?.setOpen(false) }

    func pause() { journal.note("pause") }
    func resume() { journal.note("resume") }

    func whenDrained(_ call: @escaping () -> Void) {
        if isDrained { call() } else { drainCalls.append(call) }
    }

    func drain() {
        isDrained = true
        isBehind = false
        let calls = drainCalls
        drainCalls = []
        for call in calls { call() }
    }

    func failed(_ error: any Error) {}

    func sessionEnded() { journal.note("ended") }
}
