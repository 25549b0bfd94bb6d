public import StraitConsumers
public import StraitHTTP
public import StraitRouting

/// Restricts a view or all routes of a router to users who are logged in; Django's `login_required`.
///
/// ```swift
/// path("profile/", loginRequired(ProfileView()), name: "profile")
/// path("ws/", loginRequired(URLRouter { path("chat/", Chat()) }))
/// ```
///
/// Other visitors are redirected to `LOGIN_URL`. A socket is refused with 403.
///
/// - Parameters:
///   - target: A view, a router or middleware around one.
///   - sockets: The way to refuse a socket.
public func loginRequired(_ target: any RouteTarget, sockets: SocketRefusal = .handshake) -> AccessMiddleware {
    AccessMiddleware(target.asApplication, raisesException: false, sockets: sockets) { $0.isAuthenticated }
}

/// Restricts a page to users who are logged in: `path("profile/", loginRequired { request in … })`.
public func loginRequired(
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> AccessMiddleware {
    loginRequired(PageFunction(body: respond))
}

/// Restricts a socket to users who are logged in: `path("ws/chat/", loginRequired(Chat()))`.
///
/// - Parameters:
///   - consumer: The consumer, evaluated for each connection.
///   - sockets: The way to refuse a socket: 403 for the handshake, or `.afterAccept` for the close code 4401.
public func loginRequired(
    _ consumer: @autoclosure @escaping @Sendable () -> Consumer, sockets: SocketRefusal = .handshake
) -> AccessMiddleware {
    loginRequired(Endpoint.consumer(consumer()), sockets: sockets)
}

/// Restricts a view or a router to users with all of these permissions; Django's `permission_required`.
///
/// ```swift
/// path("photos/new/", permissionRequired("gallery.add_photo", NewPhotoView()))
/// ```
///
/// - Parameters:
///   - names: The permissions, such as `gallery.add_photo`.
///   - raisesException: Whether other visitors get 403 instead of the login page.
///   - sockets: The way to refuse a socket.
///   - target: A view, a router or middleware around one.
public func permissionRequired(
    _ names: String..., raisesException: Bool = false, sockets: SocketRefusal = .handshake, _ target: any RouteTarget
) -> AccessMiddleware {
    AccessMiddleware(target.asApplication, raisesException: raisesException, sockets: sockets) { user in
        try await user.has(all: names)
    }
}

/// Restricts a page to users with all of these permissions.
public func permissionRequired(
    _ names: String..., raisesException: Bool = false,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> AccessMiddleware {
    AccessMiddleware(
        Endpoint.http(PageFunction(body: respond)), raisesException: raisesException, sockets: .handshake
    ) { user in try await user.has(all: names) }
}

/// Restricts a view or a router to users who pass a test; Django's `user_passes_test`.
///
/// ```swift
/// path("staff/", userPassesTest({ $0.isStaff }, StaffView()))
/// ```
///
/// - Parameters:
///   - test: Returns whether a user passes. Anonymous visitors are tested too.
///   - raisesException: Whether other visitors get 403 instead of the login page.
///   - sockets: The way to refuse a socket.
///   - target: A view, a router or middleware around one.
public func userPassesTest(
    _ test: @escaping @Sendable (RequestUser) async throws -> Bool, raisesException: Bool = false,
    sockets: SocketRefusal = .handshake, _ target: any RouteTarget
) -> AccessMiddleware {
    AccessMiddleware(target.asApplication, raisesException: raisesException, sockets: sockets, test: test)
}

/// A page that is a function.
private struct PageFunction: HTTPHandler {
    let body: @Sendable (Request) async throws -> Response

    var name: String { "a function" }
    func respond(to request: Request) async throws -> Response { try await body(request) }
}
