import Dispatch
import Glibc
import StraitTesting
import Testing

@testable import StraitCore

@Suite struct Sockets {
    private let group = EventLoopGroup(count: 1)
    private var loop: EventLoop { group.loops[0] }

    /// Opens a stream on one end of a socket pair and passes it to `body` on the loop. Returns the other end.
    private func stream(_ recorder: Recorder, _ body: @escaping @Sendable (SocketStream) -> Void = { _ in }) async
        -> RawSocket
    {
        let (descriptor, peer) = RawSocket.pair()
        await loop.perform { [loop] in
            let stream = SocketStream(
                descriptor: descriptor, loop: loop, peer: .unix(path: ""), local: .unix(path: ""))
            stream.attach(recorder)
            stream.open()
            body(stream)
        }
        return peer
    }

    @Test func `output that the kernel does not accept at once is sent as the peer reads`() async throws {
        let recorder = Recorder()
        let total = 600_000
        let peer = await stream(recorder) { stream in
            // The peer must not count as slow, even on a busy machine.
            stream.stallTimeout = .seconds(1_000_000)
            stream.write(Bytes([UInt8](repeating: 1, count: 100)))
            stream.write(Bytes((0..<total).map { UInt8(truncatingIfNeeded: $0) }))
            stream.notifyWhenDrained()
        }
        var bytes: [UInt8] = []
        while bytes.count < total + 100 {
            let next = try #require(peer.receive())
            try #require(!next.isEmpty)
            bytes += next
        }
        #expect(Array(bytes[..<100]) == [UInt8](repeating: 1, count: 100))
        #expect(Array(bytes[100...]) == (0..<total).map { UInt8(truncatingIfNeeded: $0) })
        var notes = recorder.notes.makeAsyncIterator()
        #expect(await notes.next() == "drained")
        peer.end()
        #expect(await notes.next() == "finished")
        group.stop()
    }

    @Test func `a peer that has finished sending can still be written to`() async throws {
        let recorder = Recorder()
        let peer = await stream(recorder) { $0.pauseReading() }
        peer.send([1, 2, 3])
        peer.finish()
        var notes = recorder.notes.makeAsyncIterator()
        #expect(await notes.next() == "hung up")
        let other = Recorder()
        let reading = await stream(other) { stream in
            stream.write(Bytes([9]))
            stream.finish()
        }
        reading.send([1])
        #expect(reading.receive() == [9])
        #expect(reading.receive() == [])
        reading.finish()
        var ends = other.notes.makeAsyncIterator()
        // Data after our end is discarded.
        #expect(await ends.next() == "closed")
        #expect(await ends.next() == nil)
        group.stop()
    }

    @Test func `after expectNothing(), a finished stream closes without waiting for the peer`() async throws {
        let recorder = Recorder()
        let peer = await stream(recorder) { stream in
            stream.expectNothing()
            stream.write(Bytes([9]))
            stream.finish()
        }
        var notes = recorder.notes.makeAsyncIterator()
        // The peer has read nothing and not finished.
        #expect(await notes.next() == "closed")
        #expect(peer.receive() == [9])
        #expect(peer.receive() == [])
        peer.end()
        group.stop()
    }

    @Test func `after expectNothing(), a stream with unread bytes waits for the peer`() async throws {
        let (descriptor, peer) = RawSocket.pair()
        peer.send([1, 2, 3])
        let recorder = Recorder()
        await loop.perform { [loop] in
            let stream = SocketStream(
                descriptor: descriptor, loop: loop, peer: .unix(path: ""), local: .unix(path: ""))
            stream.lingerTimeout = .seconds(1_000_000)
            stream.attach(recorder)
            stream.open()
            stream.expectNothing()
            stream.write(Bytes([9]))
            stream.finish()
        }
        // Closing with unread bytes would reset the connection.
        #expect(peer.receive() == [9])
        #expect(peer.receive() == [])
        peer.send([4])
        peer.end()
        var notes = recorder.notes.makeAsyncIterator()
        #expect(await notes.next() == "closed")
        group.stop()
    }

    @Test func `a closed connection leaves no source in the loop, even with a duplicated descriptor`() async throws {
        let sources = Notes<Int>()
        await loop.perform { [loop] in sources.add(loop.sourceCount) }
        for isDuplicated in [false, true] {
            let peer = await stream(Recorder()) { stream in
                let copy = isDuplicated ? stream.duplicatedDescriptor() : nil
                stream.close()
                if let copy { close(copy) }
            }
            #expect(peer.receive() == [])
            peer.end()
        }
        await loop.perform { [loop] in sources.add(loop.sourceCount) }
        #expect(sources.all.first == sources.all.last)
        group.stop()
    }

    @Test(arguments: [false, true])
    func `connections set TCP_NODELAY, even those of an inherited listener`(isInherited: Bool) async throws {
        // SAFETY: after it is passed to its loop here, the listener is used only there.
        let socket =
            isInherited
            ? try ListeningSocket(inherited: RawSocket.listening().descriptor)
            : try ListeningSocket(address: .internet(host: "127.0.0.1", port: 0))
        nonisolated(unsafe) let listener = SocketListener(socket, loop: loop)
        let (accepted, notice) = AsyncStream.makeStream(of: Bool.self)
        guard case .internet(_, let port) = socket.address else {
            Issue.record("The listener has no port.")
            return
        }
        await loop.perform {
            unsafe listener.accept = { descriptor, _ in
                notice.yield(RawSocket(descriptor: descriptor).sendsAtOnce)
                close(descriptor)
                unsafe listener.close()
            }
            unsafe listener.open()
        }
        let client = try #require(RawSocket.connect(port: port))
        var results = accepted.makeAsyncIterator()
        #expect(await results.next() == true)
        client.end()
        socket.close()
        group.stop()
    }

    @Test func `loops share a listening socket, and a blocked loop delays no connection`() async throws {
        let socket = try ListeningSocket(address: .internet(host: "127.0.0.1", port: 0))
        let (other, accepted) = (EventLoop(index: 1), Notes<Int>())
        other.start()
        for loop in [loop, other] {
            await loop.perform {
                let listener = SocketListener(socket, loop: loop)
                listener.accept = { descriptor, _ in
                    accepted.add(loop.index)
                    close(descriptor)
                }
                listener.open()
            }
        }
        guard case .internet(_, let port) = socket.address else {
            Issue.record("The socket has no port.")
            return
        }
        let isHeld = DispatchSemaphore(value: 0)
        loop.execute { isHeld.wait() }
        for _ in 0..<100 {
            let client = try #require(RawSocket.connect(port: port))
            #expect(client.receive() == [])
            client.end()
        }
        #expect(accepted.all.count == 100)
        #expect(accepted.all.count { $0 == other.index } >= 99)
        isHeld.signal()
        other.stop()
        group.stop()
        socket.close()
    }

    @Test func `abort() resets the connection, and a reset by the peer is reported`() async throws {
        let (listening, port) = RawSocket.listening()
        let recorder = Recorder()
        await loop.perform { [loop] in
            do {
                let socket = try ListeningSocket(inherited: listening)
                nonisolated(unsafe) let listener = SocketListener(socket, loop: loop)
                unsafe listener.accept = { descriptor, peer in
                    let stream = SocketStream(
                        descriptor: descriptor, loop: loop, peer: peer, local: socket.address)
                    stream.attach(recorder)
                    stream.open()
                    unsafe listener.close()
                    socket.close()
                }
                unsafe listener.open()
                #expect(socket.address == .internet(host: "127.0.0.1", port: port))
            } catch {
                Issue.record(error)
            }
        }
        let peer = try #require(RawSocket.connect(port: port))
        peer.send([1, 2])
        var notes = recorder.notes.makeAsyncIterator()
        #expect(await notes.next() == "received 2")
        peer.reset()
        #expect(await notes.next() == "closed The peer reset the connection.")
        let aborted = await stream(Recorder()) { stream in
            stream.write(Bytes([1]))
            stream.abort()
        }
        #expect(aborted.receive() == [])
        group.stop()
    }

    @Test func `the error for a port in use names the port and the correction`() throws {
        let (_, port) = RawSocket.listening()
        let address = SocketAddress.internet(host: "127.0.0.1", port: port)
        #expect(throws: TransportError.addressInUse(address)) { try ListeningSocket(address: address) }
        #expect(
            TransportError.addressInUse(address).description
                == "Another process already uses 127.0.0.1:\(port). Stop it, or choose another port with --port.")
        #expect(throws: TransportError.self) {
            try ListeningSocket(address: .internet(host: "localhost", port: 0))
        }
        #expect(throws: TransportError.self) {
            try ListeningSocket(address: .unix(path: String(repeating: "x", count: 200)))
        }
        group.stop()
    }

    @Test func `a stale Unix socket file is replaced, and a live one or another file is kept`() async throws {
        let path = RawSocket.path("stale")
        RawSocket.leaveStale(path)
        let socket = try ListeningSocket(address: .unix(path: path))
        let peer = RawSocket.connect(unix: path)
        #expect(peer != nil)
        peer?.end()
        #expect(throws: TransportError.addressInUse(.unix(path: path))) {
            try ListeningSocket(address: .unix(path: path))
        }
        #expect(RawSocket.exists(path))
        socket.close()
        #expect(!RawSocket.exists(path))

        let file = RawSocket.path("file")
        RawSocket.makeFile(file)
        #expect(throws: TransportError.self) { try ListeningSocket(address: .unix(path: file)) }
        #expect(RawSocket.exists(file))
        RawSocket.remove(file)
        group.stop()
    }

    @Test(arguments: [0o666, 0o600, 0o660] as [UInt16])
    func `a Unix socket has the requested permissions, whatever the umask`(mode: UInt16) async throws {
        let path = RawSocket.path("mode-\(mode)")
        let socket = try ListeningSocket(address: .unix(path: path), unixMode: mode)
        #expect(RawSocket.permissions(path) == mode)
        socket.close()
        group.stop()
    }

    @Test func `inheriting a descriptor that does not listen throws an error`() {
        let (descriptor, peer) = RawSocket.pair()
        #expect(
            throws: TransportError.badAddress(
                "Descriptor \(descriptor) is not a listening socket. Give one that the parent process listens on.")
        ) {
            try ListeningSocket(inherited: descriptor)
        }
        peer.end()
        RawSocket(descriptor: descriptor).end()
        group.stop()
    }

    @Test func `a peer that disconnects after finishing is reported once as a reset`() async {
        let recorder = Recorder()
        let peer = await stream(recorder)
        peer.end()
        var notes = recorder.notes.makeAsyncIterator()
        #expect(await notes.next() == "finished")
        #expect(await notes.next() == "closed The peer reset the connection.")
        group.stop()
    }

    @Test(arguments: [
        (SocketAddress.unix(path: "/nonexistent/x.sock"), "Make the folder first, or give another path."),
        (.internet(host: "203.0.113.1", port: 0), "Give an address of this machine: 127.0.0.1, 0.0.0.0 or ::."),
    ])
    func `the error for an unusable address contains advice`(address: SocketAddress, advice: String) {
        #expect {
            try ListeningSocket(address: address)
        } throws: { error in
            "\(error)".hasPrefix("Listening at \(address) failed: ") && "\(error)".hasSuffix(". " + advice)
        }
        group.stop()
    }

    @Test func `a Unix socket with a full backlog counts as live`() throws {
        let path = RawSocket.path("full")
        let descriptor = RawSocket.listening(unix: path, backlog: 0)
        let waiting = RawSocket.connect(unix: path)
        #expect(throws: TransportError.addressInUse(.unix(path: path))) {
            try ListeningSocket(address: .unix(path: path))
        }
        #expect(RawSocket.exists(path))
        #expect(
            TransportError.addressInUse(.unix(path: path)).description
                == "Another process already uses the Unix socket \(path). Stop it, or choose another path.")
        waiting?.end()
        RawSocket(descriptor: descriptor).end()
        RawSocket.remove(path)
        group.stop()
    }
}

@Suite struct SocketAddresses {
    @Test(arguments: [("::ffff:127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2001:DB8::ffff:1", "2001:db8::ffff:1")])
    func `an IPv4 peer of an IPv6 socket has its IPv4 address (RFC 4291 §2.5.5.2)`(
        written: String, host: String
    ) throws {
        let raw = try RawAddress(.internet(host: written, port: 80))
        #expect(raw.address == .internet(host: host, port: 80))
    }
}
