import StraitCore
import StraitTesting
import Testing

@testable import StraitRedis

@Suite struct Countdowns {
    private let clock = ManualClock()

    @Test func `it finishes once, after its last step`() async {
        let journal = Journal()
        await clock.group.loops[0].perform {
            let countdown = Countdown(2) { journal.note("done") }
            countdown.step()
            #expect(journal.lines == [])
            countdown.step()
            countdown.step()
        }
        #expect(journal.lines == ["done"])
    }

    @Test func `it finishes at its time limit, and later steps have no effect`() async {
        let journal = Journal()
        let loop = clock.group.loops[0]
        await loop.perform {
            let countdown = Countdown(2, within: .seconds(1), on: loop) { journal.note("done") }
            countdown.step()
            loop.run(after: .seconds(2)) { countdown.step() }
        }
        await clock.advance(by: .milliseconds(900))
        #expect(journal.lines == [])
        await clock.advance(by: .seconds(2))
        #expect(journal.lines == ["done"])
    }

    @Test func `its time limit has no effect after its last step`() async {
        let journal = Journal()
        let loop = clock.group.loops[0]
        await loop.perform {
            Countdown(1, within: .seconds(1), on: loop) { journal.note("done") }.step()
        }
        await clock.advance(by: .seconds(2))
        #expect(journal.lines == ["done"])
    }
}
