import StraitNetwork
import StraitTesting
import Synchronization
import Testing

@Suite struct ServicesTests {
    private struct Broken: Error {}

    private class Named: Service, @unchecked Sendable {
        let journal: Journal
        var name: String { "\(type(of: self))" }
        init(_ journal: Journal) { self.journal = journal }
        func start(in services: Services) async throws { journal.note("start \(name)") }
        func stop() async { journal.note("stop \(name)") }
    }

    private final class First: Named, @unchecked Sendable {}
    private final class Second: Named, @unchecked Sendable {
        override func start(in services: Services) async throws {
            journal.note("start Second with \(try services.get(First.self).name)")
        }
    }
    private final class Failing: Named, @unchecked Sendable {
        override func start(in services: Services) async throws { throw Broken() }
    }
    private final class Stubborn: Named, @unchecked Sendable {
        override func stop() async {
            // Ignores that it is cancelled.
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                Self.kept.append(continuation)
            }
        }
        static let kept = Kept()
        final class Kept: Sendable {
            private let all = Mutex<[CheckedContinuation<Void, Never>]>([])
            func append(_ continuation: CheckedContinuation<Void, Never>) { all.withLock { $0.append(continuation) } }
            func resume() { for continuation in all.withLock({ $0 }) { continuation.resume() } }
        }
    }

    @Test func `services start in order, find those before them, and stop in the opposite order`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Second(journal)])
        try await services.start()
        #expect(await services.stop(within: .seconds(60)) == [])
        #expect(journal.lines == ["start First", "start Second with First", "stop Second", "stop First"])
        // What has stopped is not stopped again.
        #expect(await services.stop(within: .seconds(60)) == [])
        #expect(journal.lines.count == 4)
    }

    @Test func `one that does not start stops those before it, and none behind it starts`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Failing(journal), Second(journal)])
        await #expect(throws: Broken.self) { try await services.start() }
        #expect(journal.lines == ["start First", "stop First"])
    }

    @Test func `one that does not stop in time is named, with those that were to stop after it`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Stubborn(journal), Second(journal)])
        try await services.start()
        #expect(await services.stop(within: .milliseconds(10)) == ["Stubborn", "First"])
        Stubborn.kept.resume()
    }

    @Test func `a service is found by its type, by a superclass or by a protocol`() throws {
        let first = First(Journal())
        let services = try Services([first])
        #expect(try services.get(First.self) === first)
        #expect(try services.get(Named.self) === first)
        #expect(services.find((any Service).self) != nil)
        #expect(services.find(Second.self) == nil)
        #expect(Services.none.find(First.self) == nil)
    }

    @Test func `errors name the type, those there are, and what to do`() throws {
        let services = try Services([First(Journal())])
        let missing = #expect(throws: ServiceError.self) { try services.service(Second.self) }
        #expect(missing?.code == .missing)
        #expect(
            missing?.description
                == "The site has no service of the type Second. Return one from `services(_:)` of the site or of an app. There are: First."
        )
        let none = #expect(throws: ServiceError.self) { try Services.none.service(Second.self) }
        #expect(none?.description.hasSuffix("There are none yet.") == true)
        let twice = #expect(throws: ServiceError.self) { try Services([First(Journal()), First(Journal())]) }
        #expect(
            twice?.description
                == "There are two services of the type First, of which only one would be found. Make one type for each, or one service that holds both."
        )
    }
}
