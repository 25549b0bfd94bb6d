public import StraitNetwork
public import StraitRouting
import StraitHTTP

/// A running server
public final class Server: Sendable {
    private let group: EventLoopGroup
    private nonisolated(unsafe) let loops: [ServerLoop]

    public init(application: any Application, loops count: Int, configuration: ServerConfiguration, log: Log) {
        group = EventLoopGroup(count: count)
        let counters = ServerCounters()
        unsafe loops = group.loops.map {
            ServerLoop(loop: $0, configuration: configuration, application: application, log: log, accessLog: nil, counters: counters)
        }
    }

    public func listen(_ address: SocketAddress) throws {
        let first = group.loops[0]
        nonisolated(unsafe) let listener = try SocketListener(address: address, loop: first)
        nonisolated(unsafe) let all = unsafe loops
        nonisolated(unsafe) var next = 0
        first.execute {
            unsafe listener.accept = { descriptor, peer in
                nonisolated(unsafe) let target = unsafe all[next % all.count]
                unsafe next += 1
                unsafe target.loop.execute {
                    let stream = unsafe SocketStream(descriptor: descriptor, loop: target.loop, peer: peer, local: peer)
                    _ = unsafe HTTP1Connection(stream: stream, server: target)
                    stream.open()
                }
            }
            unsafe listener.open()
        }
    }
}
