package import StraitNetwork

/// A line for each request and each turn in a socket's life, in the form of Daphne's access log:
/// `127.0.0.1:51234 - - [21/Nov/2026:04:37:00] "GET /" 200 1234`.
public final class AccessLog: Sendable {
    private let time: any TimeSource
    private let sink: @Sendable (String) -> Void

    /// Hands each line to `sink`, on whatever loop it is made.
    package init(time: any TimeSource = SystemTime(), sink: @escaping @Sendable (String) -> Void) {
        self.time = time
        self.sink = sink
    }

    /// Writes to standard output.
    public convenience init() {
        self.init { LineOutput.standardOutput.write($0) }
    }

    /// Without a `status`: the client left before it was answered.
    func request(peer: SocketAddress, method: String, path: String, status: Int?, bytes: Int) {
        guard let status else { return entry(peer, "\(method) \(path)") }
        entry(peer, "\(method) \(path)", "\(status)", "\(bytes)")
    }

    func connecting(peer: SocketAddress, path: String) { entry(peer, "WSCONNECTING \(path)") }
    func connected(peer: SocketAddress, path: String) { entry(peer, "WSCONNECT \(path)") }
    func rejected(peer: SocketAddress, path: String) { entry(peer, "WSREJECT \(path)") }
    func disconnected(peer: SocketAddress, path: String) { entry(peer, "WSDISCONNECT \(path)") }

    private func entry(_ peer: SocketAddress, _ request: String, _ status: String = "-", _ length: String = "-") {
        let date = LocalTime.text(time.wallClock, format: "%d/%b/%Y:%H:%M:%S")
        sink("\(peer) - - [\(date)] \"\(request)\" \(status) \(length)")
    }
}
