public import StraitConsumers
internal import StraitCore
public import StraitHTTP
internal import StraitWebSocket

extension Scope {
    /// Makes the user of an access token the user of this scope. Returns false and changes nothing if the token is
    /// invalid.
    ///
    /// - Throws: `AccountError.Code.noMiddleware` outside an `AuthenticationMiddleware`; an error from the database.
    public func authenticate(token: String) async throws -> Bool {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        guard let holder = try await services.get(AccessTokens.self).holder(of: token) else { return false }
        source.set(holder.user, key: AccessTokens.key(of: holder.id))
        return true
    }
}

extension WebSocketConsumer {
    /// Makes the user of an access token that the client sent in a message the user of this consumer. If the token is
    /// invalid, closes the socket with 4401 and returns false.
    ///
    /// ```swift
    /// override func receive(text: String) async throws {
    ///     if try await scope.user.isAnonymous {
    ///         guard try await authenticate(token: text) else { return }
    ///         send(text: "Hello, \(try await scope.user.username)!")
    ///     }
    /// }
    /// ```
    ///
    /// - Throws: `AccountError.Code.noMiddleware` outside an `AuthenticationMiddleware`; an error from the database.
    public final nonisolated(nonsending) func authenticate(token: String) async throws -> Bool {
        if try await scope.authenticate(token: token) { return true }
        close(4401, reason: "invalid access token")
        return false
    }
}
