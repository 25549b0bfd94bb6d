import StraitCore
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
            // Ignores cancellation.
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

    @Test func `services start in order, can find earlier ones, and stop in reverse order`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Second(journal)])
        try await services.start()
        #expect(await services.stop(within: .seconds(60)) == [])
        #expect(journal.lines == ["start First", "start Second with First", "stop Second", "stop First"])
        // Stopped services are not stopped again.
        #expect(await services.stop(within: .seconds(60)) == [])
        #expect(journal.lines.count == 4)
    }

    @Test func `if a service fails to start, earlier ones stop and later ones do not start`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Failing(journal), Second(journal)])
        await #expect(throws: Broken.self) { try await services.start() }
        #expect(journal.lines == ["start First", "stop First"])
    }

    @Test func `stop(within:) returns a service that does not stop in time and those after it`() async throws {
        let journal = Journal()
        let services = try Services([First(journal), Stubborn(journal), Second(journal)])
        try await services.start()
        #expect(await services.stop(within: .milliseconds(10)) == ["Stubborn", "First"])
        Stubborn.kept.resume()
    }

    @Test func `a service is found by its type, a superclass or a protocol`() throws {
        let first = First(Journal())
        let services = try Services([first])
        #expect(try services.get(First.self) === first)
        #expect(try services.get(Named.self) === first)
        #expect(services.find((any Service).self) != nil)
        #expect(services.find(Second.self) == nil)
        #expect(Services.none.find(First.self) == nil)
    }

    @Test func `errors name the type, the available services and the correction`() throws {
        let services = try Services([First(Journal())])
        let missing = #expect(throws: ServiceError.self) { try services.service(Second.self) }
        #expect(missing?.code == .missing)
        #expect(
            missing?.description
                == """
                The site has no service of the type Second. Return one from `services(_:)` of the site or of an app. \
                There are: First.
                """
        )
        let none = #expect(throws: ServiceError.self) { try Services.none.service(Second.self) }
        #expect(none?.description.hasSuffix("There are none yet.") == true)
        let twice = #expect(throws: ServiceError.self) { try Services([First(Journal()), First(Journal())]) }
        #expect(
            twice?.description
                == """
                There are two services of the type First, but only one could be found by its type. Give each its own \
                type, or combine them in one service.
                """
        )
    }
}
