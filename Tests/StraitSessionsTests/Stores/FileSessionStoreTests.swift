import FoundationEssentials
import StraitCore
import StraitSessions
import TestFolders
import Testing

@Suite struct `Sessions in files` {
    @Test func `an expired session is not loaded, and its file is deleted`() async throws {
        try await withTemporaryFolder { folder in
            let threads = ThreadPool(threads: 1, queue: 10)
            let store = FileSessionStore(folder, age: 100, SessionEncoding(key: "key"), threads: threads)
            let now = Date()
            let lifetime = SessionLifetime(now: now, age: 100, end: now.addingTimeInterval(100))
            var data = SessionData()
            data["name"] = Bytes("1")
            let (first, second) = (try await store.create(data, lifetime), try await store.create(data, lifetime))
            let found = try await store.load(first.key, at: now.addingTimeInterval(50))
            #expect(found?.data == data)
            let late = try await store.load(first.key, at: now.addingTimeInterval(200))
            #expect(late == nil)
            let again = try await store.load(first.key, at: now)
            #expect(again == nil)
            // A session may have an end of its own.
            data["_session_expiry"] = Bytes("1000")
            _ = try await store.create(data, lifetime)
            let count = try await store.clearExpired(at: now.addingTimeInterval(200))
            #expect(count == 1)
            let gone = try await store.load(second.key, at: now)
            #expect(gone == nil)
            await threads.stop()
        }
    }

    @Test func `the error for a missing folder says what to do`() async throws {
        let threads = ThreadPool(threads: 1, queue: 10)
        let store = FileSessionStore("/nowhere", SessionEncoding(key: "key"), threads: threads)
        let lifetime = SessionLifetime(now: Date(), age: 100, end: Date().addingTimeInterval(100))
        let error = await #expect(throws: SessionError.self) { try await store.create(SessionData(), lifetime) }
        #expect(error?.code == .storage)
        #expect(error?.description.contains("Check that the folder of SESSION_FILE_PATH exists") == true)
        await threads.stop()
    }
}
