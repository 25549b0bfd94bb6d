import StraitCore
import StraitLayers
import StraitRedis
import Testing

/// The layers of channels_redis and ours, on the same servers.
@Suite(.timeLimit(.minutes(20))) struct DjangoLayerTests {
    /// Every type of value that both sides support.
    private static let message: LayerMessage = [
        "type": "chat.message", "text": "Grüße, 世界 🌍\n", "number": -7, "large": .int(.max), "share": 0.1, "yes": true,
        "nothing": nil, "list": [1, "two", [3.5], [:]], "object": ["key": ["deep": false]],
    ]

    @Test(arguments: LayerPair.all)
    func `a group message from either side reaches the members of both`(pair: LayerPair) async throws {
        let (django, strait) = try await (LayerPair.django, pair.layer())
        let (theirs, other, ours) = try await (
            django.newChannel(pair.number), django.newChannel(pair.number), strait.newChannel()
        )
        try await strait.groupAdd("group", ours)
        try await django.groupAdd(pair.number, "group", theirs)
        try await django.groupAdd(pair.number, "group", other)
        try await django.groupSend(pair.number, "group", Self.message)
        #expect(try await strait.receive(ours) == Self.message)
        #expect(try await django.receive(pair.number, theirs) == .object(Self.message))
        #expect(try await django.receive(pair.number, other) == .object(Self.message))
        try await strait.groupSend("group", Self.message)
        #expect(try await strait.receive(ours) == Self.message)
        #expect(try await django.receive(pair.number, theirs) == .object(Self.message))
        #expect(try await django.receive(pair.number, other) == .object(Self.message))

        // A channel that left gets no more messages: the marker is next.
        try await strait.groupDiscard("group", ours)
        try await django.groupSend(pair.number, "group", Self.message)
        try await strait.send(ours, ["type": "marker"])
        #expect(try await strait.receive(ours) == ["type": "marker"])
        try await django.groupDiscard(pair.number, "group", theirs)
        _ = try await django.receive(pair.number, theirs)
        try await strait.groupSend("group", Self.message)
        try await strait.send(theirs, ["type": "marker"])
        #expect(try await django.receive(pair.number, theirs) == ["type": "marker"])
    }

    @Test(arguments: LayerPair.all)
    func `a message from either side reaches the other side's channel, on any server`(pair: LayerPair) async throws {
        let (django, strait) = try await (LayerPair.django, pair.layer())
        for _ in 0..<3 {
            let (theirs, ours) = try await (django.newChannel(pair.number), strait.newChannel())
            try await strait.send(theirs, Self.message)
            #expect(try await django.receive(pair.number, theirs) == .object(Self.message))
            try await django.send(pair.number, ours, Self.message)
            #expect(try await strait.receive(ours) == Self.message)
        }
    }

    @Test(arguments: LayerPair.cores)
    func `a message on a shared channel reaches the other side's workers`(pair: LayerPair) async throws {
        let (django, strait) = try await (LayerPair.django, pair.layer())
        try await django.send(pair.number, "for-strait", Self.message)
        #expect(try await strait.receive("for-strait") == Self.message)
        // channels_redis reads one server at a time, and waits 5 seconds at each.
        guard pair.hosts == 1 else { return }
        try await strait.send("for-django", Self.message)
        #expect(try await django.receive(pair.number, "for-django") == .object(Self.message))
    }

    @Test(arguments: LayerPair.all.filter { $0.serializer == .msgpack })
    func `bytes are received as bytes on both sides`(pair: LayerPair) async throws {
        let (django, strait) = try await (LayerPair.django, pair.layer())
        let ours = try await strait.newChannel()
        try await django.send(pair.number, ours, ["type": "m", "bytes": ["__bytes__": "00ff80"]])
        #expect(try await strait.receive(ours) == ["type": "m", "bytes": .bytes([0x00, 0xFF, 0x80])])
        let theirs = try await django.newChannel(pair.number)
        try await strait.send(theirs, ["type": "m", "bytes": .bytes([0x00, 0xFF, 0x80])])
        #expect(
            try await django.receive(pair.number, theirs) == ["type": "m", "bytes": ["__bytes__": "00ff80"]])
    }

    @Test(arguments: LayerPair.cores.filter { $0.hosts == 1 })
    func `a full channel rejects messages from either side`(pair: LayerPair) async throws {
        let (django, strait) = try await (LayerPair.django, pair.layer())
        for _ in 0..<100 { try await strait.send("full", ["type": "m"]) }
        await #expect(throws: PeerError.self) { try await django.send(pair.number, "full", ["type": "m"]) }
        #expect(try await strait.receive("full") == ["type": "m"])
        try await django.send(pair.number, "full", ["type": "m"])
        await #expect(throws: LayerError.channelFull("full")) { try await strait.send("full", ["type": "m"]) }
    }
}
