public import StraitHTTP
public import StraitRouting

/// A page with a method for each HTTP method that it answers. Django's class-based `View`. Conform to the protocols of
/// those methods:
///
/// ```swift
/// struct RoomView: GetView, PostView {
///     func get(_ request: Request) async throws -> Response { … }
///     func post(_ request: Request) async throws -> Response { … }
/// }
///
/// path("rooms/<slug:room>/", RoomView(), name: "room")
/// ```
///
/// `get` also answers `HEAD`. `OPTIONS` is answered with the list of the view's methods. Any other method is answered
/// with 405 and that list. One value answers all requests, several at a time.
public protocol View: HTTPHandler {}

/// A ``View`` that answers `GET` and `HEAD`.
public protocol GetView: View {
    /// Answers a `GET` or `HEAD` request. The body of a response to `HEAD` is not sent.
    func get(_ request: Request) async throws -> Response
}

/// A ``View`` that answers `POST`.
public protocol PostView: View {
    /// Answers a `POST` request.
    func post(_ request: Request) async throws -> Response
}

/// A ``View`` that answers `PUT`.
public protocol PutView: View {
    /// Answers a `PUT` request.
    func put(_ request: Request) async throws -> Response
}

/// A ``View`` that answers `PATCH`.
public protocol PatchView: View {
    /// Answers a `PATCH` request.
    func patch(_ request: Request) async throws -> Response
}

/// A ``View`` that answers `DELETE`.
public protocol DeleteView: View {
    /// Answers a `DELETE` request.
    func delete(_ request: Request) async throws -> Response
}

extension View {
    /// The HTTP methods of the view, from the protocols that it conforms to.
    public var methods: AllowedMethods? {
        var methods: [HTTPMethod] = []
        if self is any GetView { methods.append(.get) }
        if self is any PostView { methods.append(.post) }
        if self is any PutView { methods.append(.put) }
        if self is any PatchView { methods.append(.patch) }
        if self is any DeleteView { methods.append(.delete) }
        return AllowedMethods(methods)
    }

    /// Calls the view's method for the request, or answers with the allowed methods.
    public func respond(to request: Request) async throws -> Response {
        switch request.method {
        case .get, .head: if let view = self as? any GetView { return try await view.get(request) }
        case .post: if let view = self as? any PostView { return try await view.post(request) }
        case .put: if let view = self as? any PutView { return try await view.put(request) }
        case .patch: if let view = self as? any PatchView { return try await view.patch(request) }
        case .delete: if let view = self as? any DeleteView { return try await view.delete(request) }
        default: break
        }
        return methods?.answer(to: request.method) ?? .status(.methodNotAllowed)
    }
}
