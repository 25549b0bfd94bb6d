import StraitNetwork

/// Takes connections from the listeners and gives each to the loop with the fewest. It lives on the first loop.
///
/// Listeners of each loop's own (`SO_REUSEPORT`) would save the hand-over, but spread connections by chance, do not exist
/// for inherited descriptors, and a WebSocket stays for long where it was put.
///
/// `@unchecked Sendable` is sound because everything here is touched on the first loop alone.
final class Acceptor: @unchecked Sendable {
    private let loops: [ServerLoop]
    private let log: Log
    private var listeners: [SocketListener] = []
    private var isClosed = false
    private var next = 0

    init(loops: [ServerLoop], log: Log) {
        self.loops = loops
        self.log = log
    }

    /// Begins to accept from `listener`; closes it where connections are taken no more.
    ///
    /// - Returns: Whether it accepts.
    func open(_ listener: SocketListener) -> Bool {
        if isClosed {
            listener.close()
            return false
        }
        let address = listener.address
        // Kept alive by its listeners, until it closes them.
        listener.accept = { descriptor, peer in self.place(descriptor, peer: peer, local: address) }
        listener.pauses = { [log] reason in
            log.error(
                "Connections wait at \(address): \(reason). They are taken when others end; allow the process more with ulimit -n."
            )
        }
        listeners.append(listener)
        listener.open()
        return true
    }

    func close() {
        isClosed = true
        for listener in listeners { listener.close() }
        listeners = []
    }

    private func place(_ descriptor: Int32, peer: SocketAddress, local: SocketAddress) {
        var target = loops[next % loops.count]
        next &+= 1
        for loop in loops where loop.load < target.load { target = loop }
        target.addLoad(1)
        if target.loop === loops[0].loop {
            target.accept(descriptor: descriptor, peer: peer, local: local)
        } else {
            target.loop.execute { [target] in target.accept(descriptor: descriptor, peer: peer, local: local) }
        }
    }
}
