import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// The log has one line for the end of each WebSocket with the reason, and advice if `DEBUG` is set.
@Suite struct SocketLogs {
    private let script = ServerScript()

    private final class Texts: WebSocketConsumer {
        override func receive(text: String) async { if text == "close" { close(4004, reason: "enough") } }
    }

    private func serve(explaining: Bool = false, message limit: Int = 100) throws {
        script.serve(try URLRouter { path("ws/x/", Texts()) }, logging: .info) {
            $0.explainsRefusals = explaining
            $0.messageLimits.message = limit
        }
    }

    @Test func `a close by either side logs one line with code and reason`() async throws {
        try serve()
        let first = await Socket.open(script, "/ws/x/")
        await first.close(4001, "bye \"now\"")
        let second = await Socket.open(script, "/ws/x/")
        await second.send("close")
        await second.close(4004)
        #expect(
            script.log.lines == [
                #"""
                info websocket closed path=/ws/x/ consumer=Texts code=4001 peer=4001 reason="bye \"now\"" \#
                clean=true client=10.0.0.1:5001
                """#,
                #"""
                info websocket closed path=/ws/x/ consumer=Texts code=4004 peer=4004 reason="" clean=true \#
                client=10.0.0.1:5002
                """#,
            ])
        #expect(script.access.lines.last == #"10.0.0.1:5002 - - [date] "WSDISCONNECT /ws/x/" 4004 -"#)
    }

    @Test func `a message over the limit logs one line, and with DEBUG the option to raise it`() async throws {
        try serve(explaining: true)
        let socket = await Socket.open(script, "/ws/x/")
        await socket.send(String(repeating: "x", count: 101))
        #expect(script.log.lines.count == 2)
        #expect(script.log.lines.first?.contains("code=1009 peer=1006 reason=\"message is over 100 bytes\"") == true)
        #expect(script.log.lines.last?.contains("Allow more with --max-message-size") == true)
    }

    @Test(arguments: [("/ws/x", "Did you mean /ws/x/?"), ("/ws/y/", "Add a route for it to the site")])
    func `a path without a route logs one line, and with DEBUG a suggestion`(path: String, advice: String)
        async throws
    {
        try serve(explaining: true)
        _ = await Socket.open(script, path)
        #expect(script.log.lines.first?.hasPrefix("warning No socket route matches. \(advice)") == true)
        #expect(
            script.log.lines.contains(
                #"info websocket rejected path=\#(path) status=404 reason="no route" client=10.0.0.1:5001"#))
    }

    private final class Doorkeeper: WebSocketConsumer {
        struct Asleep: Error {}

        override func connect() async throws {
            switch scope.queryString {
            case "refused": close()
            case "failed": throw Asleep()
            case "silent": break
            default:
                log[metadataKey: "guest"] = "\(scope.queryString)"
                log.info("came in")
                accept()
            }
        }
    }

    private func serveDoorkeeper() throws {
        script.serve(
            try URLRouter { path("ws/", Doorkeeper()) }, logging: .info)
    }

    @Test(
        arguments: [
            ("refused", 403, "refused by the consumer"), ("failed", 500, "the consumer failed"),
            ("silent", 503, "the consumer did not decide in time"),
        ])
    func `a rejected handshake logs one line with the consumer and the reason`(
        query: String, status: Int, reason: String
    ) async throws {
        try serveDoorkeeper()
        _ = await Socket.open(script, "/ws/?" + query)
        await script.advance(.seconds(60))
        #expect(
            script.log.lines.last
                == """
                info websocket rejected path=/ws/ consumer=Doorkeeper status=\(status) reason="\(reason)" \
                client=10.0.0.1:5001
                """
        )
    }

    @Test func `the advice on a 400 names an invalid request or an invalid group`() async throws {
        final class Joiner: WebSocketConsumer {
            override func connect() async throws { try await join(Group<Message>("tea & é")) }
        }
        script.serve(try URLRouter { path("ws/", Joiner()) }, logging: .info) { $0.explainsRefusals = true }
        _ = await Socket.open(script, "/ws/")
        #expect(script.log.lines.last?.contains("connect() threw an error, or a group's name is not valid") == true)
        _ = await script.answer(Socket.request("/ws/").replacing("Key: ", with: "Key: x"))
        #expect(script.log.lines.last?.contains("The request is not a valid WebSocket handshake") == true)
    }

    @Test func `an invalid handshake logs one line with the reason`() async throws {
        try serveDoorkeeper()
        let request = Socket.request().replacing("Version: 13", with: "Version: 12")
        #expect(await script.answer(request).hasPrefix("HTTP/1.1 426 "))
        #expect(
            script.log.lines.last?.hasPrefix("info websocket rejected path=/ws/ status=426 reason=\"") == true)
    }

    @Test func `metadata that a consumer adds to its log appears on its lines`() async throws {
        try serveDoorkeeper()
        _ = await Socket.open(script, "/ws/?Jane%20Doe")
        #expect(script.log.lines == ["info came in guest=Jane%20Doe"])
    }

    @Test func `messages without a handler are counted, and logged once per WebSocket`() async throws {
        try serve()
        let socket = await Socket.open(script, "/ws/x/")
        for _ in 0..<3 { await socket.send(Socket.frame(.binary, [1, 2])) }
        #expect(
            script.log.lines == [
                "warning Texts dropped a binary message. Override receive(bytes:) to receive such messages. path=/ws/x/"
            ])
        #expect(script.server.counters.consumers.ignoredMessages == 3)
    }
}
