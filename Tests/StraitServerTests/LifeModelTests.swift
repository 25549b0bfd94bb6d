import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Random lives of a consumer beside a sequential model of them: what the client sent before it closed is handled in
/// order, each message to its end, by a consumer that is connected; only a loss cuts that short.
@Suite struct LifeModels {
    /// What the client does at last.
    private enum Ending: CaseIterable {
        case closes, closesAndLeaves, breaksProtocol, leaves, resets, serverStops
    }

    /// How `connect` goes.
    private enum Connecting: CaseIterable {
        case accepts, waitsAndAccepts, acceptsAndWaits, failsBehindAccept, failsBefore, closes
    }

    /// The life that a seed stands for.
    private struct Life {
        let connecting: Connecting
        let messages: [String]
        let ending: Ending
        /// How many bytes of the client's are sent at once.
        let pieces: [Int]
        /// How long the client waits before each piece.
        let waits: [Duration]

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            connecting = Connecting.allCases.randomElement(using: &random)!
            ending = Ending.allCases.randomElement(using: &random)!
            // m: is answered; s: waits; j, t: joins and tracks, and waits between; g: tells the group; e: fails; c: closes.
            let kinds = "mmmmssjjttggg" + (Int.random(in: 0..<4, using: &random) == 0 ? "ec" : "")
            messages = (0..<Int.random(in: 0...12, using: &random)).map { index in
                "\(kinds.randomElement(using: &random)!)\(index)"
            }
            pieces = (0..<4).map { _ in Int.random(in: 20...300, using: &random) }
            waits = (0..<4).map { _ in .milliseconds(Int.random(in: 0...2_000, using: &random)) }
        }
    }

    private struct Oops: Error {}

    @Test(arguments: 0..<150 as Range<UInt64>)
    func `whatever happens, a life is connect, every message and disconnect, in order, each to its end`(seed: UInt64)
        async throws
    {
        let life = Life(seed: seed)
        let script = ServerScript()
        let (room, people) = (Group<Message>("room"), Presence<String>("room"))
        script.serve(try Self.application(life, script.journal, room, people), logging: .critical) {
            $0.consumers.mailbox = 400
        }
        let observer = await Socket.open(script, "/observe/")
        let client = await script.connect()
        await Self.run(life, client, script)
        await script.advance(.seconds(120))

        let lines = script.lines.filter { !$0.hasPrefix("observed") }
        let failed = life.connecting == .failsBefore || life.connecting == .failsBehindAccept
        let refused = failed || life.connecting == .closes
        let handled = lines.filter { $0.hasPrefix("receive ") }.map { String($0.dropFirst(8)) }
        let note = Comment(rawValue: "seed \(seed): \(life) \(lines)")
        // In order, and to its end unless the connection was lost.
        #expect(handled == Array(life.messages.prefix(handled.count)), note)
        #expect(lines.first == "connect", note)
        #expect(lines.count { $0.hasPrefix("disconnect") } == 1 && lines.last!.hasPrefix("disconnect"), note)
        // A client that does not answer our close frame is lost, too.
        let isLoss = life.ending == .leaves || life.ending == .resets || life.ending == .serverStops
        for text in handled {
            let begin = lines.firstIndex(of: "receive \(text)")!
            let end = lines.firstIndex(of: "done \(text)")
            let isCut = end == nil && lines.contains("cut \(text)")
            #expect(end.map { $0 == begin + 1 } ?? (isLoss && isCut), note)
        }
        if !isLoss { #expect(!lines.contains { $0.hasPrefix("cut") }, note) }
        // Nothing is received by a consumer that is not connected.
        if refused {
            #expect(handled.isEmpty, note)
        } else if let first = lines.firstIndex(where: { $0.hasPrefix("receive") }) {
            #expect(lines[..<first].contains("connected"), note)
        }
        // The client's close comes after all that it sent, unless the consumer ended it itself.
        let ends = life.messages.firstIndex { $0.hasPrefix("e") || $0.hasPrefix("c") }
        switch life.ending {
        case .closes, .closesAndLeaves, .breaksProtocol:
            if !refused {
                let expected = ends.map { Array(life.messages[...$0]) } ?? life.messages
                #expect(handled == expected, note)
            }
        case .leaves, .resets, .serverStops: break
        }
        if !refused, ends == nil, life.ending == .closes || life.ending == .closesAndLeaves {
            #expect(lines.last == "disconnect 4001 bye", note)
        }
        // Nobody hears that it left before its last words, and nothing of it is left.
        let observed = script.lines.filter { $0.hasPrefix("observed") }
        if let left = observed.lastIndex(of: "observed left") {
            #expect(!observed[left...].contains { $0.hasPrefix("observed word") }, note)
        }
        if life.ending != .serverStops {
            let told = handled.filter { text in text.hasPrefix("g") && lines.contains("done \(text)") }
            #expect(observed.filter { $0.hasPrefix("observed word") } == told.map { "observed word \($0)" }, note)
            await observer.close(1000)
            await script.advance(.seconds(10))
        }
        let layer = try #require(try script.layers.layer() as? InMemoryChannelLayer)
        #expect(layer.groups.memberCount(of: "room") == 0, note)
        #expect(script.server.connectionCount == 0, note)
    }

    private static func application(
        _ life: Life, _ journal: Journal, _ room: Group<Message>, _ people: Presence<String>
    ) throws -> URLRouter {
        try URLRouter {
            path(
                "observe/",
                consumer: Probe(
                    Journal(),
                    connect: { probe in
                        try await probe.join(room) { message in journal.note("observed word \(message.text ?? "")") }
                        try await probe.follow(people) { change in
                            guard case .diff(let diff) = change else { return }
                            if !diff.leaves.isEmpty { journal.note("observed left") }
                        }
                        probe.accept()
                    }, disconnect: { _ in }))
            path(
                "ws/",
                consumer: Probe(
                    journal,
                    connect: { probe in try await connect(life.connecting, probe, people) },
                    receive: { probe, message in
                        let text = message.text ?? ""
                        do {
                            try await handle(text, probe, room, people)
                            journal.note("done \(text)")
                        } catch is Oops {
                            journal.note("done \(text)")
                            throw Oops()
                        } catch {
                            journal.note("cut \(text)")
                            throw error
                        }
                    }))
        }
    }

    private static func connect(_ how: Connecting, _ probe: Probe, _ people: Presence<String>) async throws {
        switch how {
        case .accepts: probe.accept()
        case .waitsAndAccepts:
            try await probe.clock.sleep(for: .seconds(1))
            probe.accept()
        case .acceptsAndWaits:
            probe.accept()
            try await probe.clock.sleep(for: .seconds(1))
            try await probe.track(people, as: "me", "here")
        case .failsBehindAccept:
            probe.accept()
            try await probe.clock.sleep(for: .milliseconds(500))
            throw Oops()
        case .failsBefore: throw Oops()
        case .closes: return probe.close()
        }
        probe.note("connected")
    }

    private static func handle(
        _ text: String, _ probe: Probe, _ room: Group<Message>, _ people: Presence<String>
    ) async throws {
        switch text.utf8.first {
        case UInt8(ascii: "s"): try await probe.clock.sleep(for: .milliseconds(700))
        case UInt8(ascii: "j"):
            try await probe.join(room)
            try await probe.clock.sleep(for: .milliseconds(100))
        case UInt8(ascii: "t"):
            try await probe.clock.sleep(for: .milliseconds(100))
            try await probe.track(people, as: "me", "here")
        case UInt8(ascii: "g"): try await probe.groupSend(room, Message(text: text), except: probe)
        case UInt8(ascii: "e"): throw Oops()
        case UInt8(ascii: "c"): probe.close(4000)
        default: probe.send(text: text)
        }
    }

    /// Plays the client.
    private static func run(_ life: Life, _ client: MemoryClient, _ script: ServerScript) async {
        let request = Array(Socket.request().utf8)
        var bytes = request + life.messages.flatMap { Socket.text($0) }
        switch life.ending {
        case .closes, .closesAndLeaves: bytes += Socket.close(4001, "bye")
        case .breaksProtocol: bytes += Socket.frame(.text, [0xFF])
        case .leaves, .resets, .serverStops: break
        }
        var sent = 0
        var step = 0
        while sent < bytes.count {
            // The head of the request comes at once.
            let size = (sent == 0 ? request.count : 0) + life.pieces[step % life.pieces.count]
            let next = min(bytes.count, sent + size)
            await client.send(Array(bytes[sent..<next]))
            sent = next
            await script.advance(life.waits[step % life.waits.count])
            step += 1
        }
        switch life.ending {
        case .closes, .breaksProtocol: break
        case .closesAndLeaves, .leaves: await client.finish()
        case .resets: await client.abort()
        case .serverStops:
            let server = script.server!
            let stop = Task { await server.stop() }
            await script.until { server.isStopping }
            await script.advance(.seconds(30))
            await stop.value
        }
    }
}
