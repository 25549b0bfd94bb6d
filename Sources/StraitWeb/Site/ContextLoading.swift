internal import StraitHTTP
package import StraitRouting

/// The step that reads the data of a context processor before the view runs, because templates cannot wait.
struct ContextLoading: Sendable {
    let isNeeded: @Sendable (Scope) -> Bool
    let load: @Sendable (Scope) async throws -> Void
}

extension [ContextProcessor] {
    /// Returns the application with the steps of these processors around its pages.
    package func loading(around application: any Application) -> any Application {
        let steps = compactMap(\.loading)
        return steps.isEmpty ? application : ContextLoadingMiddleware(inner: application, steps: steps)
    }
}

/// Middleware that reads the data of context processors. A page for which nothing has to be read does not wait.
private struct ContextLoadingMiddleware: Middleware {
    let inner: any Application
    let steps: [ContextLoading]

    func resolve(_ scope: Scope) async throws -> Resolution? { loading(try await inner.resolve(scope)) }

    func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        switch try inner.resolveNow(scope) {
        case .waits: .waits
        case .resolved(let resolution): .resolved(loading(resolution))
        }
    }

    private func loading(_ resolution: Resolution?) -> Resolution? {
        guard var resolution, case .http(let handler) = resolution.endpoint else { return resolution }
        let needed = steps.filter { $0.isNeeded(resolution.scope) }
        if !needed.isEmpty { resolution.endpoint = .http(LoadingHandler(handler: handler, steps: needed)) }
        return resolution
    }
}

/// A handler that is called after the steps.
private struct LoadingHandler: HTTPHandler {
    let handler: any HTTPHandler
    let steps: [ContextLoading]
    var endsWithClient: Bool { handler.endsWithClient }
    var name: String { handler.name }
    var methods: AllowedMethods? { handler.methods }

    func respond(to request: Request) async throws -> Response {
        for step in steps { try await step.load(request.scope) }
        return try await handler.respond(to: request)
    }
}
