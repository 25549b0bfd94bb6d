public import Strait
import Synchronization

/// Sessions as a site may write them that has none from the framework: loaded when they are first asked for, saved if they
/// changed, with the cookie on the response of a page, on the one that accepts a socket, and saved again when that has ended.
public struct SessionMiddleware: Middleware {
    public let inner: any Application
    public init(_ inner: any Application) { self.inner = inner }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        let session = Session(scope.cookies["sessionid"], in: try scope.service())
        var scope = scope
        scope[Session.self] = session
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
public final class Session: Sendable {
    private let store: SessionStore
    private let given: String?
    private let state = Mutex((values: [String: String]?.none, id: String?.none, isChanged: false))

    init(_ id: String?, in store: SessionStore) {
        given = id
        self.store = store
    }

    /// The value of `key`, for which the session is loaded if it was not.
    public func get(_ key: String) async throws -> String? { try await load()[key] }

    /// Sets the value of `key`; it is saved with the response, or when the socket has ended.
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
public final class SessionStore: Service {
    private let sessions = Mutex<[String: [String: String]]>([:])
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
