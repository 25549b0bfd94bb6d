public import Strait
import Synchronization

/// Sessions that a site implements itself.
///
/// A session is loaded on first use and saved if it changed. Its cookie is set on the response of a page, or on the
/// response that accepts a WebSocket. The session is saved again when the WebSocket closes.
public struct VisitMiddleware: Middleware {
    /// The application whose requests get a session.
    public let inner: any Application
    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) { self.inner = inner }

    /// Adds the session to the scope, and saves it with the response and when a WebSocket closes.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        let session = Visit(scope.cookies["sessionid"], in: try scope.service())
        var scope = scope
        scope[Visit.self] = session
        guard var resolution = try await inner.resolve(scope) else { return nil }
        resolution.mapResponse { response in
            if let cookie = try await session.save() { try response.setCookie(cookie) }
        }
        resolution.onAccept { headers in
            if let cookie = try await session.save() { try headers.append("set-cookie", cookie.headerValue()) }
        }
        resolution.onClose { _ in _ = try await session.save() }
        return resolution
    }
}

/// One visitor's session.
public final class Visit: Sendable {
    private let store: VisitStore
    private let given: String?
    private let state = Mutex((values: [String: String]?.none, id: String?.none, isChanged: false))

    init(_ id: String?, in store: VisitStore) {
        given = id
        self.store = store
    }

    /// Returns the value of `key`. Loads the session on first use.
    public func get(_ key: String) async throws -> String? { try await load()[key] }

    /// Sets the value of `key`, which is saved with the response or when the WebSocket closes.
    public func set(_ key: String, _ value: String) async throws {
        let loaded = try await load()
        state.withLock { state in
            state.values = (state.values ?? loaded).merging([key: value]) { $1 }
            state.isChanged = true
        }
    }

    private func load() async throws -> [String: String] {
        if let values = state.withLock({ $0.values }) { return values }
        let found = await store.load(given)
        return state.withLock { state in
            if state.values == nil { (state.values, state.id) = (found ?? [:], found == nil ? nil : given) }
            return state.values ?? [:]
        }
    }

    /// Saves the session if it changed. Returns its cookie if the browser does not have it.
    func save() async throws -> SetCookie? {
        let change = state.withLock { state -> (values: [String: String], id: String?)? in
            defer { state.isChanged = false }
            return state.isChanged ? (state.values ?? [:], state.id) : nil
        }
        guard let change else { return nil }
        let id = await store.save(change.values, under: change.id)
        state.withLock { $0.id = id }
        return change.id == nil ? SetCookie("sessionid", id, httpOnly: true) : nil
    }
}

/// The sessions of all visitors.
public final class VisitStore: Service {
    private let sessions = Mutex<[String: [String: String]]>([:])
    /// Creates an empty store.
    public init() {}

    func load(_ id: String?) async -> [String: String]? { id.flatMap { id in sessions.withLock { $0[id] } } }

    func save(_ values: [String: String], under id: String?) async -> String {
        let id = id ?? String(UInt64.random(in: .min ... .max), radix: 36)
        sessions.withLock { $0[id] = values }
        return id
    }

    /// The number of sessions.
    public var count: Int { sessions.withLock { $0.count } }
}
