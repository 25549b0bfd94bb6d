package import StraitCore

/// An access log in Daphne's format, with a line for each request and for each stage of a WebSocket:
///
/// ```text
/// 127.0.0.1:51234 - - [21/Nov/2026:04:37:00] "GET /" 200 1234
/// ```
///
/// Quotation marks and backslashes in a path are escaped with a backslash. `WSREJECT` is followed by the status of the
/// response, and `WSDISCONNECT` by the close code.
public final class AccessLog: Sendable {
    private let time: any TimeSource
    private let sink: @Sendable (String) -> Void

    /// Creates a log that passes each line to `sink`, on the loop of the connection.
    package init(time: any TimeSource = SystemTime(), sink: @escaping @Sendable (String) -> Void) {
        self.time = time
        self.sink = sink
    }

    /// Creates a log that writes to standard output.
    public convenience init() {
        self.init { LineOutput.standardOutput.write($0) }
    }

    /// Logs a request. `status` is nil if the client disconnected before the response.
    func request(peer: SocketAddress, method: String, path: String, status: Int?, bytes: Int) {
        guard let status else { return entry(peer, "\(method) \(path)") }
        entry(peer, "\(method) \(path)", "\(status)", "\(bytes)")
    }

    func connecting(peer: SocketAddress, path: String) { entry(peer, "WSCONNECTING \(path)") }
    func connected(peer: SocketAddress, path: String) { entry(peer, "WSCONNECT \(path)") }
    func rejected(peer: SocketAddress, path: String, status: Int) { entry(peer, "WSREJECT \(path)", "\(status)") }
    func disconnected(peer: SocketAddress, path: String, code: UInt16) {
        entry(peer, "WSDISCONNECT \(path)", "\(code)")
    }

    private func entry(_ peer: SocketAddress, _ request: String, _ status: String = "-", _ length: String = "-") {
        let date = LocalTime.text(time.wallClock, format: "%d/%b/%Y:%H:%M:%S")
        sink("\(peer) - - [\(date)] \"\(Self.quoted(request))\" \(status) \(length)")
    }

    /// Escapes `text` for quotation marks, so that a path cannot end them.
    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
