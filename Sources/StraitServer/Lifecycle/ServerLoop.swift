import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// What the connections of one event loop share. Loop-bound.
final class ServerLoop {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let application: any Application
    let log: Log
    let accessLog: AccessLog?
    let counters: ServerCounters
    /// Small messages of all sockets of the loop are put side by side here.
    var arena = ByteArena()
    /// The compressors that all sockets of the loop take turns with.
    let codecs: DeflateCodecs
    /// The connections that are open.
    var connections: [ObjectIdentifier: HTTP1Connection] = [:]
    private(set) var isStopping = false

    private var dateSecond: Int64 = -1
    private var dateText = ""

    init(
        loop: EventLoop, configuration: ServerConfiguration, application: any Application, log: Log,
        accessLog: AccessLog?, counters: ServerCounters
    ) {
        self.loop = loop
        self.configuration = configuration
        self.application = application
        self.log = log
        self.accessLog = accessLog
        self.counters = counters
        codecs = DeflateCodecs(level: configuration.compression?.level ?? 6)
    }

    /// The `Date` field's value, made once a second.
    var date: String {
        let second = loop.time.wallClock
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate(secondsSinceEpoch: Int(second)).description
        }
        return dateText
    }

    /// Answers `exchange`, whose head has arrived.
    func answer(_ exchange: Exchange) {
        Responder(exchange: exchange, server: self).begin()
    }

    /// Lets what is under way come to its end, and takes nothing new.
    func stop() {
        isStopping = true
        for connection in Array(connections.values) { connection.stop() }
    }

    /// Ends what is left.
    func abort() {
        for connection in Array(connections.values) { connection.stream.abort() }
    }
}
