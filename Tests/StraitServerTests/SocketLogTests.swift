import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// The end of every socket is in the log with its reason, and with `DEBUG` with advice.
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

    @Test func `a close by either side is one line with the code and the reason`() async throws {
        try serve()
        let first = await Socket.open(script, "/ws/x/")
        await first.close(4001, "bye \"now\"")
        let second = await Socket.open(script, "/ws/x/")
        await second.send("close")
        await second.close(4004)
        #expect(
            script.log.lines == [
                #"info websocket closed path=/ws/x/ code=4001 peer=4001 reason="bye \"now\"" clean=true client=10.0.0.1:5001"#,
                #"info websocket closed path=/ws/x/ code=4004 peer=4004 reason="" clean=true client=10.0.0.1:5002"#,
            ])
        #expect(script.access.lines.last == #"10.0.0.1:5002 - - [date] "WSDISCONNECT /ws/x/" 4004 -"#)
    }

    @Test func `a message over the limit is one line, and with DEBUG the option to raise`() async throws {
        try serve(explaining: true)
        let socket = await Socket.open(script, "/ws/x/")
        await socket.send(String(repeating: "x", count: 101))
        #expect(script.log.lines.count == 2)
        #expect(script.log.lines.first?.contains("code=1009 peer=1006 reason=\"message is over 100 bytes\"") == true)
        #expect(script.log.lines.last?.contains("Allow more with --max-message-size") == true)
    }

    @Test(arguments: [("/ws/x", "Did you mean /ws/x/?"), ("/ws/y/", "Add a path for it to the site's routes")])
    func `a path without a route is one line, and with DEBUG the path that there is`(path: String, advice: String)
        async throws
    {
        try serve(explaining: true)
        _ = await Socket.open(script, path)
        #expect(script.log.lines.first?.hasPrefix("warning No socket route matches \(path). \(advice)") == true)
        #expect(script.log.lines.contains("info websocket rejected path=\(path) status=404 client=10.0.0.1:5001"))
    }

    @Test func `a message without a hook is counted, and named once a socket`() async throws {
        try serve()
        let socket = await Socket.open(script, "/ws/x/")
        for _ in 0..<3 { await socket.send(Socket.frame(.binary, [1, 2])) }
        #expect(
            script.log.lines == [
                "warning Texts at /ws/x/ dropped a binary message. Override receive(bytes:) to receive such messages."
            ])
        #expect(script.server.counters.consumers.ignoredMessages == 3)
    }
}
