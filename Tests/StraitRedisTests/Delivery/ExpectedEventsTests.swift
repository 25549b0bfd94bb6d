import StraitCore
import StraitLayers
import StraitTesting
import Testing

@testable import StraitRedis

@Suite struct `Expected events` {
    private func event(_ number: Int) -> LayerEvent {
        LayerEvent(["type": "m", "number": .int(number)], expires: Instant(nanoseconds: 0))
    }

    private func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

    private func number(_ expected: ExpectedEvents<String>.Expected?) -> Int? { expected?.event.message["number"]?.int }

    @Test func `identical payloads are matched in the order in which they were sent`() {
        var events = ExpectedEvents<String>()
        for number in 1...3 { events.expect("same", event(number), length: 1, now: seconds(0)) }
        for number in 1...3 { #expect(self.number(events.take("same")) == number) }
        #expect(events.take("same") == nil)
        #expect(events.count == 0)
    }

    @Test func `an event that does not come back is dropped after a minute, and later ones still match`() {
        var events = ExpectedEvents<String>()
        events.expect("lost", event(1), length: 1, now: seconds(0))
        events.expect("same", event(2), length: 1, now: seconds(0))
        #expect(number(events.take("same")) == 2)
        // Still expected when the previous event's minute ends.
        events.expect("same", event(3), length: 1, now: seconds(59))
        events.expect("other", event(4), length: 1, now: seconds(60))
        #expect(events.take("lost") == nil)
        #expect(number(events.take("same")) == 3)
        #expect(number(events.take("other")) == 4)
    }

    @Test func `thousands of events are matched, and old ones do not accumulate`() {
        var events = ExpectedEvents<Int>()
        for number in 0..<5000 {
            events.expect(number, event(number), length: 1, now: seconds(Int64(number)))
            if number % 2 == 0 { #expect(events.take(number)?.event.message["number"]?.int == number) }
        }
        #expect(events.count <= 30)
    }

    @Test func `keys are matched independently, in any order`() async throws {
        try await withSeeds(50) { seed in
            var random = SeededGenerator(seed: seed)
            var events = ExpectedEvents<Int>()
            var model: [(key: Int, number: Int, sent: Int64)] = []
            var now: Int64 = 0
            for number in 0..<1000 {
                now += Int64.random(in: 0..<3, using: &random)
                let key = Int.random(in: 0..<5, using: &random)
                if Int.random(in: 0..<2, using: &random) == 0 {
                    events.expect(key, event(number), length: 1, now: seconds(now))
                    model.removeAll { $0.sent + 60 <= now }
                    model.append((key, number, now))
                } else {
                    let index = model.firstIndex { $0.key == key }
                    let expected = index.map { model.remove(at: $0).number }
                    #expect(events.take(key)?.event.message["number"]?.int == expected, "seed \(seed)")
                }
                #expect(events.count == Set(model.map(\.key)).count, "seed \(seed)")
            }
        }
    }

    @Test func `matching many identical payloads takes linear time`() {
        let growth = TimeGrowth.smallest(from: 10_000, of: { $0 }) { count in
            var events = ExpectedEvents<String>()
            for number in 0..<count { events.expect("same", event(number), length: 1, now: seconds(0)) }
            for _ in 0..<count { _ = events.take("same") }
        }
        #expect(growth < 3)
    }
}
