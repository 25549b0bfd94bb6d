import StraitText
import Testing

@testable import StraitDatabase

@Suite struct `PostgreSQL pipelines` {
    private final class Call {}

    private func key(_ text: String) -> StatementKey { StatementKey(text: TextKey(text), integers: 0, bytes: 0) }

    /// Runs a statement without an error, and returns the messages that were sent for it.
    private func run(
        _ text: String, _ pipeline: inout PostgresPipeline<Call>, inTransaction: Bool = false
    ) -> PostgresPipeline<Call>.Plan {
        let call = Call()
        let plan = pipeline.add(call, key: key(text), isRetry: false)
        for _ in plan.drops { finish(&pipeline, inTransaction) }
        if plan.prepares { _ = pipeline.take(.success) }
        finish(&pipeline, inTransaction)
        return plan
    }

    private func finish(_ pipeline: inout PostgresPipeline<Call>, _ inTransaction: Bool = false) {
        _ = pipeline.take(.success)
        _ = pipeline.take(.synchronized(isInTransaction: inTransaction))
    }

    private func name(_ action: PostgresPipeline<Call>.Action, _ calls: [Call]) -> String {
        func number(_ call: Call) -> String { calls.firstIndex { $0 === call }.map(String.init) ?? "?" }
        return switch action {
        case .nothing: "nothing"
        case .deliver(let call): "deliver \(number(call))"
        case .fail(let call): "fail \(number(call))"
        case .end(let call): "end \(number(call))"
        case .sendAgain(let call): "again \(number(call))"
        case .confusion: "confusion"
        }
    }

    @Test func `a statement is prepared at its second use, and dropped when others have replaced it`() {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 2)
        #expect(run("a", &pipeline) == .init())
        #expect(run("a", &pipeline) == .init(name: 1, prepares: true))
        #expect(run("a", &pipeline) == .init(name: 1))
        #expect(run("b", &pipeline) == .init())
        #expect(run("c", &pipeline) == .init(drops: [1]))
        #expect(run("a", &pipeline) == .init())
        #expect(pipeline.count == 0)
    }

    @Test func `an error ends only its own statement`() {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 0)
        let calls = [Call(), Call()]
        for call in calls { _ = pipeline.add(call, key: nil, isRetry: false) }
        #expect(pipeline.running === calls[0])
        let actions: [PostgresPipeline<Call>.Action] = [
            pipeline.take(.failure(.other)), pipeline.take(.synchronized(isInTransaction: false)),
            pipeline.take(.success), pipeline.take(.synchronized(isInTransaction: false)),
            pipeline.take(.success),
        ]
        #expect(actions.map { name($0, calls) } == ["fail 0", "end 0", "deliver 1", "end 1", "confusion"])
    }

    @Test(arguments: [true, false])
    func `a stale statement is dropped and sent again once, but not in a transaction`(inTransaction: Bool) {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 2)
        _ = run("a", &pipeline)
        _ = run("a", &pipeline)
        let call = Call()
        #expect(pipeline.add(call, key: key("a"), isRetry: false) == .init(name: 1))
        #expect(name(pipeline.take(.failure(.stalePlan)), [call]) == "fail 0")
        let end = pipeline.take(.synchronized(isInTransaction: inTransaction))
        #expect(name(end, [call]) == (inTransaction ? "end 0" : "again 0"))
        #expect(pipeline.add(call, key: key("a"), isRetry: true) == .init(drops: [1]))
        finish(&pipeline)
        _ = pipeline.take(.failure(.missingPlan))
        #expect(name(pipeline.take(.synchronized(isInTransaction: false)), [call]) == "end 0")
    }

    @Test func `a statement whose preparation failed is prepared again`() {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 2)
        _ = run("a", &pipeline)
        let call = Call()
        #expect(pipeline.add(call, key: key("a"), isRetry: false) == .init(name: 1, prepares: true))
        let actions: [PostgresPipeline<Call>.Action] = [
            pipeline.take(.failure(.other)), pipeline.take(.skipped),
            pipeline.take(.synchronized(isInTransaction: false)),
        ]
        #expect(actions.map { name($0, [call]) } == ["fail 0", "nothing", "end 0"])
        #expect(run("a", &pipeline) == .init())
        #expect(run("a", &pipeline) == .init(name: 2, prepares: true))
    }

    @Test func `a prepared statement that could not be dropped is dropped later`() {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 1)
        _ = run("a", &pipeline)
        _ = run("a", &pipeline)
        #expect(pipeline.add(Call(), key: key("b"), isRetry: false) == .init(drops: [1]))
        #expect(pipeline.running == nil)
        _ = pipeline.take(.failure(.other))
        _ = pipeline.take(.synchronized(isInTransaction: true))
        finish(&pipeline)
        #expect(run("b", &pipeline) == .init(drops: [1], name: 2, prepares: true))
    }

    @Test func `a statement that was hit by the cancellation of another is sent again`() {
        var pipeline = PostgresPipeline<Call>(cacheLimit: 0)
        let calls = [Call(), Call()]
        for call in calls { _ = pipeline.add(call, key: nil, isRetry: false) }
        pipeline.cancelRunning()
        finish(&pipeline)
        _ = pipeline.take(.failure(.cancelled))
        #expect(name(pipeline.take(.synchronized(isInTransaction: false)), calls) == "again 1")
        _ = pipeline.add(calls[1], key: nil, isRetry: true)
        _ = pipeline.take(.failure(.cancelled))
        #expect(name(pipeline.take(.synchronized(isInTransaction: false)), calls) == "end 1")
    }
}
