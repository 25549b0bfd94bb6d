import StraitCore
import StraitHTTP
import StraitRouting

/// A WebSocket endpoint that is identified by its name.
struct NamedSocket: WebSocketEndpoint, Equatable {
    let name: String
}

/// A route to a `NamedSocket`.
func path(_ path: String, socket: String, kwargs: [String: any Sendable] = [:], name: String? = nil) -> Route {
    Route(path: path, application: Endpoint.webSocket(NamedSocket(name: socket)), kwargs: kwargs, name: name)
}

/// A page that responds with `text`.
func page(_ text: String) -> Endpoint {
    .response(.text(text))
}

/// The result of resolving a path: the endpoint's text and the captured arguments.
struct Outcome: Equatable {
    var text: String
    var args: [String] = []
    var kwargs: [String: String] = [:]
}

/// Resolves a path and returns the result, or nil if no route matches.
func outcome(
    _ application: any Application, _ path: String, type: Scope.Kind = .http, rootPath: String = ""
) async throws -> Outcome? {
    let scope = Scope(type: type, path: path, rootPath: rootPath)
    guard let resolution = try await application.resolve(scope) else { return nil }
    let route = resolution.scope.urlRoute
    return Outcome(
        text: try await text(of: resolution), args: route.args,
        kwargs: route.kwargs.mapValues { "\($0)" })
}

/// The body of a resolution's response, or the name of its WebSocket.
func text(of resolution: Resolution) async throws -> String {
    switch resolution.endpoint {
    case .webSocket(let socket): return "socket " + ((socket as? NamedSocket)?.name ?? "?")
    case .worker: return "worker"
    case .response(let response): return text(of: response)
    case .http(let handler): return text(of: try await handler.respond(to: Request(scope: resolution.scope)))
    }
}

/// The body of a response, or an empty string if it is not in memory.
func text(of response: Response) -> String {
    if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { "" }
}

/// The status of a resolution's fixed response, or nil for any other endpoint.
func refusal(_ resolution: Resolution?) -> Int? {
    if case .response(let response) = resolution?.endpoint { response.status.code } else { nil }
}

/// The text of the error that `body` throws, or nil if it throws none.
func failure(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch { return "\(error)" }
}

/// Decodes a percent-encoded path.
func decode(_ path: String) -> String? {
    PercentEncoding.decode(path)
}
