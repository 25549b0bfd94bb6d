import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting
import Testing

private struct Job: ChannelMessage {
    static let type = "job.do"
    var number: Int
}

/// Processes jobs: records each one, and fails at job 13.
private final class Jobs: WorkerConsumer {
    struct Unlucky: Error {}
    var journal = Journal()
    private var done = 0

    override func begin() async throws {
        journal.note("begin \(scope.channel ?? "")")
        on(Job.self) { worker, job in
            if job.number == 13 { throw Unlucky() }
            if job.number == 99 { worker.journal.note("slow") }
            if job.number == 99 { try await worker.clock.sleep(for: .seconds(3)) }
            worker.done += 1
            worker.journal.note("job \(job.number), \(worker.done) done")
        }
    }
}

@Suite struct Workers {
    private func script(loops: Int = 1) throws -> ServerScript {
        let script = ServerScript(loops: loops)
        let journal = script.journal
        script.serve(
            ProtocolTypeRouter(
                channel: ChannelNameRouter(
                    [
                        "jobs": Endpoint.consumer(
                            {
                                let jobs = Jobs()
                                jobs.journal = journal
                                return jobs
                            }())
                    ] as [String: any Application])))
        try script.server.startWorkers()
        return script
    }

    private func send(_ script: ServerScript, _ message: LayerMessage) async throws {
        try await script.layers.layer().send("jobs", message)
    }

    private func send(_ script: ServerScript, _ number: Int) async throws {
        try await send(script, LayerMessage(encoding: Job(number: number)))
    }

    @Test func `one instance processes a channel's messages in order`() async throws {
        let script = try script()
        for number in 1...3 { try await send(script, number) }
        await script.until { script.journal.lines.count == 4 }
        #expect(script.journal.lines == ["begin jobs", "job 1, 1 done", "job 2, 2 done", "job 3, 3 done"])
        await script.server.stop()
    }

    @Test func `a failed instance is logged, and a new one gets the next message`() async throws {
        let script = try script()
        for number in [1, 13, 2] { try await send(script, number) }
        await script.until { script.journal.lines.count == 4 }
        #expect(script.journal.lines == ["begin jobs", "job 1, 1 done", "begin jobs", "job 2, 1 done"])
        #expect(
            script.log.lines.contains {
                $0.contains("The worker of the channel 'jobs' failed at a message of type 'job.do': Unlucky()")
            })
        await script.server.stop()
    }

    @Test func `messages without a handler are logged and skipped`() async throws {
        let script = try script()
        try await send(script, ["type": "job.undo"])
        try await send(script, ["number": 1])
        try await send(script, ["type": "job.do", "number": "one"])
        try await send(script, 2)
        await script.until { script.journal.lines.contains("job 2, 1 done") }
        #expect(
            script.log.lines.contains {
                $0.contains(
                    """
                    A message of type 'job.undo' came to the channel 'jobs', for which Jobs has no handler. Register \
                    one in begin() with on("job.undo").
                    """
                )
            })
        #expect(script.log.lines.contains { $0.contains("A message without a type came to the channel 'jobs'.") })
        await script.server.stop()
    }

    @Test func `stopping the server lets a worker finish its current message`() async throws {
        let script = try script()
        try await send(script, 99)
        await script.until { script.journal.lines.count == 2 }
        let server = script.server!
        let stopping = Task { await server.stop() }
        await script.until { server.isStopping }
        await script.idle()
        #expect(script.journal.lines == ["begin jobs", "slow"])
        await script.advance(.seconds(3))
        await stopping.value
        #expect(script.journal.lines == ["begin jobs", "slow", "job 99, 1 done"])
    }

    @Test func `starting a worker for a channel without a route throws an error`() async throws {
        let script = ServerScript()
        script.serve(ProtocolTypeRouter(channel: ChannelNameRouter(["jobs": Jobs.init])))
        let error = #expect(throws: RoutingError.self) { try script.server.startWorkers(["jobs", "resize"]) }
        #expect(error?.description == "No worker is routed for the channel 'resize'. Channels with a worker: jobs.")
        #expect(throws: LayerError.invalidChannelName("a b")) { try script.server.startWorkers(["a b"]) }
        await script.server.stop()
    }

    @Test func `workers use the configured layer`() async throws {
        let script = ServerScript(layers: ["default", "jobs"])
        let journal = script.journal
        let router = ChannelNameRouter([
            "jobs": Endpoint.consumer(
                {
                    let jobs = Jobs()
                    jobs.journal = journal
                    return jobs
                }())
        ])
        script.serve(ProtocolTypeRouter(channel: router)) { $0.workerLayer = "jobs" }
        try script.server.startWorkers()
        try await script.layers.layer("jobs").send("jobs", LayerMessage(encoding: Job(number: 1)))
        await script.until { script.journal.lines.count == 2 }
        #expect(script.journal.lines == ["begin jobs", "job 1, 1 done"])
        await script.server.stop()
    }

    @Test func `starting workers without a channel layer throws an error`() async throws {
        let script = ServerScript(layers: [])
        script.serve(ProtocolTypeRouter(channel: ChannelNameRouter(["jobs": Jobs.init])))
        #expect(throws: LayerError.noLayer("default", known: [])) { try script.server.startWorkers() }
        await script.server.stop()
    }
}
