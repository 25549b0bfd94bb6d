import StraitLayers
import StraitNetwork
import Testing

@testable import StraitRedis

@Suite struct `Events that come back` {
    private func event(_ number: Int) -> LayerEvent {
        LayerEvent(["type": "m", "number": .int(number)], expires: Instant(nanoseconds: 0))
    }

    private func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

    private func number(_ expected: ExpectedEvents<String>.Expected?) -> Int? { expected?.event.message["number"]?.int }

    @Test func `those that look alike are taken in the order in which they were sent`() {
        var events = ExpectedEvents<String>()
        for number in 1...3 { events.expect("same", event(number), length: 1, now: seconds(0)) }
        for number in 1...3 { #expect(self.number(events.take("same")) == number) }
        #expect(events.take("same") == nil)
        #expect(events.count == 0)
    }

    @Test func `what does not come back is forgotten after a minute, and what came does not count`() {
        var events = ExpectedEvents<String>()
        events.expect("lost", event(1), length: 1, now: seconds(0))
        events.expect("same", event(2), length: 1, now: seconds(0))
        #expect(number(events.take("same")) == 2)
        // Under way when the minute of the one before it is over.
        events.expect("same", event(3), length: 1, now: seconds(59))
        events.expect("other", event(4), length: 1, now: seconds(60))
        #expect(events.take("lost") == nil)
        #expect(number(events.take("same")) == 3)
        #expect(number(events.take("other")) == 4)
    }

    @Test func `very many are kept apart, and nothing stays`() {
        var events = ExpectedEvents<Int>()
        for number in 0..<5000 {
            events.expect(number, event(number), length: 1, now: seconds(Int64(number)))
            if number % 2 == 0 { #expect(events.take(number)?.event.message["number"]?.int == number) }
        }
        #expect(events.count <= 30)
    }
}
