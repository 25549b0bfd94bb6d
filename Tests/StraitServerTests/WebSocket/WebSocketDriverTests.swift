import StraitCompression
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct SocketMessages {
    private let script = ServerScript()

    @Test func `text and binary messages are sent in both directions`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send("grüße 🎈")
        await socket.send(Socket.frame(.binary, [0xFF, 0x00, 0xFE]))
        #expect(script.lines == ["connect", "receive grüße 🎈", "receive [255, 0, 254]"])
        #expect(socket.frames == ["text grüße 🎈", "binary 3"])
    }

    @Test func `empty messages are delivered and sent`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send("")
        await socket.send(Socket.frame(.binary))
        #expect(script.lines == ["connect", "receive ", "receive []"])
        #expect(socket.frames == ["text ", "binary 0"])
    }

    @Test func `fragments form one message, with control frames in between (RFC 6455 §5.4)`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send(Socket.frame(.text, Array("he".utf8), isFinal: false))
        await socket.ping("now")
        #expect(socket.frames == ["pong now"])
        await socket.send(Socket.frame(.continuation, Array("ll".utf8), isFinal: false))
        await socket.send(Socket.frame(.continuation, Array("o".utf8)))
        #expect(script.lines == ["connect", "receive hello"])
        #expect(socket.frames == ["pong now", "text hello"])
    }

    @Test(arguments: [0, 125, 126, 2047, 2048, 65535, 65536, 300_000])
    func `messages of every size are echoed`(size: Int) async throws {
        try script.serveSocket()
        let socket = await Socket.open(script, conditions: NetworkConditions(seed: 5, capacity: 10_000))
        await socket.send(Socket.frame(.binary, [UInt8](repeating: 7, count: size)))
        #expect(socket.frames == ["binary \(size)"])
    }

    @Test func `a ping is answered while a handler runs (RFC 6455 §5.5.2)`() async throws {
        let gate = script.gate()
        try script.serveSocket(receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        await socket.send("work")
        await socket.ping("there?")
        #expect(socket.frames == ["pong there?"])
    }

    @Test func `handlers run one at a time, in the order of the messages`() async throws {
        let gate = script.gate()
        try script.serveSocket(receive: { probe, message in
            await gate.wait()
            probe.send(message)
        })
        let socket = await Socket.open(script)
        for text in ["a", "b", "c"] { await socket.send(text) }
        #expect(script.lines == ["connect", "receive a"])
        await gate.pass()
        await script.idle()
        #expect(script.lines == ["connect", "receive a", "receive b"])
        await gate.open()
        await script.idle()
        #expect(socket.frames == ["text a", "text b", "text c"])
    }

    @Test func `a busy consumer slows its client down without buffering, and then catches up`() async throws {
        let gate = script.gate()
        let total = 100
        try script.serveSocket(receive: { probe, message in
            await gate.wait()
            probe.send(message)
        })
        let socket = await Socket.open(script, conditions: NetworkConditions(capacity: 16 << 10))
        for _ in 0..<total { await socket.send(Socket.frame(.binary, [UInt8](repeating: 1, count: 10_000))) }
        // The mailbox holds 64 KiB, the reader one piece more, and the network 16 KiB.
        #expect(await socket.client.unsent > total * 10_000 - 150_000)
        await gate.open()
        await script.idle()
        #expect(await socket.client.unsent == 0)
        #expect(script.lines.count == total + 1)
        #expect(socket.frames.count == total)
    }

    @Test func `compression is negotiated and used for long messages (RFC 7692 §7.1)`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(
            script, "/ws/", ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"])
        #expect(
            socket.head.contains(
                """
                \r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; \
                client_no_context_takeover\r\n
                """
            ))
        let agreed = DeflateParameters(
            serverNoContextTakeover: true, clientNoContextTakeover: true, serverWindowBits: nil, clientWindowBits: nil)
        await socket.send(Socket.text(String(repeating: "strait ", count: 1000)))
        #expect(socket.bytes.first == 0xC1 && socket.bytes.count < 200)
        await socket.send("short")
        #expect(socket.frames(agreed) == ["text of 7000", "text short"])
        // The client's message is compressed, too.
        var packed = ByteBuffer()
        #expect(DeflateCodecs().compress("a compressed message".utf8.span, into: &packed, windowBits: 15))
        await socket.send(Socket.frame(.text, Array(packed.take()), isCompressed: true))
        #expect(script.lines.last == "receive a compressed message")
    }

    @Test func `with context takeover, a message refers to the previous one (RFC 7692 §7.1.1)`() async throws {
        try script.serveSocket(configure: { $0.compression = DeflateOptions(keepsContext: true, threshold: 1) })
        let socket = await Socket.open(script, "/ws/", ["Sec-WebSocket-Extensions: permessage-deflate"])
        #expect(socket.head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"))
        let text = (0..<60).map { "\($0 * 7919)" }.joined()
        await socket.send(text)
        let first = socket.bytes.count
        await socket.send(text)
        #expect(socket.bytes.count - first < first / 4)
        let agreed = DeflateParameters(
            serverNoContextTakeover: false, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: nil
        )
        #expect(socket.frames(agreed).count == 2)
    }

    @Test func `compression can be disabled, and is not used unless the client offers it`() async throws {
        try script.serveSocket(configure: { $0.compression = nil })
        let socket = await Socket.open(script, "/ws/", ["Sec-WebSocket-Extensions: permessage-deflate"])
        #expect(!socket.head.contains("Extensions"))
        let other = ServerScript()
        try other.serveSocket()
        #expect(!(await Socket.open(other)).head.contains("Extensions"))
    }

    @Test func `a consumer that outpaces its client gets .behind and can await drained()`() async throws {
        try script.serveSocket(receive: { probe, _ in
            var states: [SendState] = []
            for _ in 0..<10 { states.append(probe.send(bytes: Bytes([UInt8](repeating: 1, count: 50_000)))) }
            probe.note(states.map { "\($0)" }.joined(separator: " "))
            try await probe.drained()
            probe.note("drained")
        })
        let socket = await Socket.open(script)
        await socket.client.pauseReading()
        await socket.send("go")
        #expect(script.lines.last == "sent sent sent sent sent sent behind behind behind behind")
        await socket.client.resumeReading()
        #expect(script.lines.last == "drained")
        #expect(socket.frames.count == 10)
    }

    @Test func `a client over the send limit is disconnected and counted`() async throws {
        try script.serveSocket(
            configure: {
                $0.sendSoftLimit = 10_000
                $0.sendHardLimit = 100_000
            },
            receive: { probe, _ in
                var states: [SendState] = []
                for _ in 0..<13 { states.append(probe.send(bytes: Bytes([UInt8](repeating: 1, count: 10_000)))) }
                probe.note(states.suffix(4).map { "\($0)" }.joined(separator: " "))
            })
        let socket = await Socket.open(script)
        await socket.client.pauseReading()
        await socket.send("go")
        #expect(
            script.lines == [
                "connect", "receive go", "behind dropped dropped dropped",
                "disconnect 1006 The peer read too slowly. unclean",
            ])
        #expect(socket.client.end == .reset)
        #expect(script.server.metrics.snapshot().limits[.sendQueue] == 1)
        #expect(script.server.counters.consumers.droppedOutbound == 3)
        #expect(script.log.lines.count == 1)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that does not read gets a pong only for its latest ping (RFC 6455 §5.5.3)`() async throws {
        try script.serveSocket(
            configure: { $0.sendSoftLimit = 20_000 },
            receive: { probe, _ in
                probe.send(bytes: Bytes([UInt8](repeating: 1, count: 100_000)))
            })
        let socket = await Socket.open(script)
        await socket.client.pauseReading()
        await socket.send("go")
        for number in 0..<1000 { await socket.ping("\(number)") }
        await socket.client.resumeReading()
        #expect(socket.frames == ["binary 100000", "pong 999"])
    }

    @Test func `a frame or message over the limit closes with 1009 (RFC 6455 §7.4.1)`() async throws {
        try script.serveSocket(configure: { $0.messageLimits = MessageLimits(frame: 1000, message: 1500) })
        let frame = await Socket.open(script)
        await frame.send(Socket.frame(.binary, [UInt8](repeating: 1, count: 1000)))
        await frame.send(Array(Socket.frame(.binary, [UInt8](repeating: 1, count: 1001)).prefix(8)))
        #expect(frame.frames == ["binary 1000", "close 1009 frame is over 1000 bytes"])
        #expect(frame.client.end == .finished)
        let message = await Socket.open(script)
        await message.send(Socket.frame(.binary, [UInt8](repeating: 1, count: 1000), isFinal: false))
        await message.send(Socket.frame(.continuation, [UInt8](repeating: 1, count: 501)))
        #expect(message.frames.last?.hasPrefix("close 1009") == true)
        #expect(script.lines.filter { $0.hasPrefix("disconnect 1006") }.count == 2)
    }

    @Test func `raising the message limit raises the frame limit, too`() async throws {
        try script.serveSocket(configure: { $0.messageLimits.message = 1_100_000 }, receive: { _, _ in })
        let socket = await Socket.open(script)
        await socket.send(Socket.frame(.binary, [UInt8](repeating: 1, count: 1_100_000)))
        #expect(script.lines == ["connect", "receive 1100000 bytes"])
        let tooLarge: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0xC8, 0xE1, 0, 0, 0, 0]
        await socket.send(tooLarge)
        #expect(socket.frames == ["close 1009 message is over 1100000 bytes"])
    }

    @Test(
        arguments: [
            ([0x81, 0x01, 0x61], 1002), ([0xC1, 0x80, 0, 0, 0, 0], 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0x80, 0x80, 0, 0, 0, 0], 1002), ([0x09, 0x80, 0, 0, 0, 0], 1002),
            ([0x89, 0xFE, 0, 126, 0, 0, 0, 0], 1002),
            ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007), ([0x88, 0x81, 0, 0, 0, 0, 3], 1002),
            ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED], 1002), ([0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF], 1007),
        ] as [([UInt8], Int)])
    func `a protocol error closes with its code (RFC 6455 §7.1.7)`(
        bytes: [UInt8], code: Int
    ) async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send(bytes)
        #expect(socket.frames.count == 1 && socket.frames[0].hasPrefix("close \(code) "), "\(socket.frames)")
        #expect(socket.client.end == .finished)
        #expect(script.lines.count == 2)
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
        #expect(script.server.connectionCount == 0)
    }
}
