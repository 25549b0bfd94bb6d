import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Sends its client's messages to all members of the room, without decoding them.
private final class Broadcast: WebSocketConsumer {
    static let room = Group<Message>("room")

    override func connect() async throws {
        try await join(Self.room)
        accept()
    }

    override func receive(_ message: Message) async throws { try await groupSend(Self.room, message) }
}

/// A member of a group whose policy the path names.
private final class Member: WebSocketConsumer {
    override func connect() async throws {
        try await join(Self.room(whenBehind: scope.urlRoute["policy"]))
        accept()
    }

    static func room(whenBehind policy: String) -> Group<Message> {
        Group("room", whenBehind: policy == "oldest" ? .dropOldest : .disconnect)
    }
}

@Suite struct ServedGroups {
    private let deflate = ["Sec-WebSocket-Extensions: permessage-deflate"]

    @Test(arguments: [1, 3])
    func `all members of a group get its messages, in the same order on every loop`(loops: Int) async throws {
        let script = ServerScript(loops: loops)
        script.serve(try URLRouter { path("ws/", Broadcast()) })
        var members: [Socket] = []
        for number in 0..<6 { members.append(await Socket.open(script, on: number % loops)) }
        await members[0].send(Socket.text("a") + Socket.text("b"))
        await members[1].send("c")
        for member in members { #expect(member.frames == ["text a", "text b", "text c"]) }
        await members[2].close(1000)
        await members[0].send("d")
        #expect(members[3].frames.last == "text d")
        #expect(members[2].frames == ["text a", "text b", "text c", "close 1000"])
        #expect(script.server.counters.consumers.droppedEvents == 0)
    }

    @Test func `text and binary group messages are framed once per loop`() async throws {
        let script = ServerScript()
        script.serve(try URLRouter { path("ws/", Broadcast()) })
        let (one, two) = (await Socket.open(script), await Socket.open(script))
        await one.send(Socket.frame(.binary, [1, 2, 3]) + Socket.text("") + Socket.frame(.binary))
        #expect(one.frames == ["binary 3", "text ", "binary 0"])
        #expect(one.bytes == two.bytes)
    }

    @Test func `a group message is compressed once for all members with equal compression`() async throws {
        let script = ServerScript()
        script.serve(try URLRouter { path("ws/", Broadcast()) }) {
            $0.compression = DeflateOptions(keepsContext: true)
        }
        let agreed = DeflateParameters(
            serverNoContextTakeover: false, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: nil
        )
        let plain = await Socket.open(script)
        let packed = [await Socket.open(script, "/ws/", deflate), await Socket.open(script, "/ws/", deflate)]
        let long = String(repeating: "the same words again, ", count: 200)
        for text in [long, "short", long + "!", long] { await plain.send(text) }
        #expect(plain.frames == ["text of 4400", "text short", "text of 4401", "text of 4400"])
        #expect(packed[0].bytes.count < 1000)
        #expect(packed[0].bytes == packed[1].bytes)
        for socket in packed { #expect(socket.frames(agreed) == plain.frames) }
    }

    @Test func `a member that does not read is disconnected and counted, and delays no other member`() async throws {
        let script = ServerScript()
        script.serve(try URLRouter { path("ws/<str:policy>/", Member()) }) {
            $0.sendSoftLimit = 10_000
            $0.consumers.events = 20_000
        }
        let (slow, other) = (
            await Socket.open(script, "/ws/disconnect/"), await Socket.open(script, "/ws/disconnect/")
        )
        await slow.client.pauseReading()
        let group = Member.room(whenBehind: "disconnect")
        for number in 0..<400 {
            try await script.layers.groupSend(group, Message(text: "\(number) " + filler))
            await script.idle()
        }
        #expect(other.frames.count == 400)
        #expect(slow.client.end == .reset)
        #expect(script.server.metrics.snapshot().limits[.eventQueue] == 1)
        #expect(
            script.log.lines.contains {
                $0.contains("The peer is disconnected. It has ")
                    && $0.contains(
                        """
                         bytes of queued events, and those of the group 'room' must not be dropped: its peer or its \
                        handlers are too slow. Give the group another policy, or raise ConsumerLimits.events.
                        """
                    )
            })
    }

    private let filler = String(repeating: "x", count: 1000)

    @Test
    func `with dropOldest, a member that does not read misses only the oldest messages`()
        async throws
    {
        let script = ServerScript()
        script.serve(try URLRouter { path("ws/<str:policy>/", Member()) }) {
            $0.sendSoftLimit = 10_000
            $0.consumers.events = 20_000
        }
        let slow = await Socket.open(script, "/ws/oldest/")
        await slow.client.pauseReading()
        let group = Member.room(whenBehind: "oldest")
        for number in 0..<400 {
            try await script.layers.groupSend(group, Message(text: "\(number) " + filler))
            await script.idle()
        }
        let dropped = script.server.counters.consumers.droppedEvents
        #expect(dropped > 100)
        await slow.client.resumeReading()
        await script.idle()
        let numbers = try texts(slow).map { try #require(Int($0.prefix { $0 != " " })) }
        #expect(numbers.count == 400 - dropped)
        #expect(numbers == numbers.sorted() && numbers.first == 0 && numbers.last == 399)
    }

    private func texts(_ socket: Socket) throws -> [String] {
        var parser = FrameParser(role: .client, limits: MessageLimits(frame: 64 << 20, message: 64 << 20))
        var arena = ByteArena()
        var position = 0
        var found: [String] = []
        let bytes = socket.bytes
        while let event = try parser.next(bytes.span, &position, arena: &arena) {
            if case .message(let message) = event, let text = message.text { found.append(text) }
        }
        return found
    }

    @Test func `an event that cannot be sent to sockets is logged, and the next one arrives`() async throws {
        struct Picture: ChannelMessage {
            static let type = "picture"
            var bytes: Bytes
        }
        final class Gallery: WebSocketConsumer {
            override func connect() async throws {
                try await join(Group<Picture>("room"))
                accept()
            }
        }
        let script = ServerScript()
        script.serve(try URLRouter { path("ws/", Gallery()) })
        let socket = await Socket.open(script)
        try await script.layers.groupSend(Group<Picture>("room"), Picture(bytes: Bytes("x")))
        try await script.layers.groupSend(Group<Message>("room"), Message(text: "next"))
        await script.idle()
        #expect(socket.frames == ["text next"])
        #expect(
            script.log.lines.contains {
                $0.contains(
                    "A message could not be sent to sockets: JSON cannot represent bytes. Send them to sockets as text"
                )
            })
    }

    @Test func `an HTTP handler sends to groups of the server's layers`() async throws {
        let script = ServerScript()
        script.serve(
            try URLRouter {
                path("ws/", Broadcast())
                path("") { request in
                    try await request.getChannelLayer().groupSend(
                        "room", ["type": "websocket.send", "text": "from a page"])
                    return .text("sent")
                }
            })
        let socket = await Socket.open(script)
        #expect(await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\r\n").hasSuffix("sent"))
        await script.idle()
        #expect(socket.frames == ["text from a page"])
    }
}
