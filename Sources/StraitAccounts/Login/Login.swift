internal import StraitCrypto
public import StraitHTTP
internal import StraitSessions
internal import StraitCore
internal import StraitWeb

extension Scope {
    /// Logs a user in for this session; Django's and Channels' `login`.
    ///
    /// The session gets a new key, so a person who knew the old key is not logged in. It is emptied first if it
    /// belonged to another user, or if the user's password has changed since. A session of the same user keeps its key.
    /// In a consumer, save the session afterwards: `try await scope.session.save()`.
    ///
    /// - Throws: `AccountError.Code.inactive` if the user has been deleted; an error from the session store or the
    ///   database.
    public func login(_ login: AuthenticatedUser) async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let account = login.user
        let session = try await session
        let database = try source.accounts.context.database
        let now = source.accounts.now()
        guard try await account.store(lastLogin: now, in: database) else {
            throw AccountError(.inactive, "The user '\(account.username)' has been deleted and cannot log in.")
        }
        let hash = source.accounts.hashes.hash(account.sessionHashText)
        let isSame =
            session[SessionNames.user] == account.keyText
            && session[SessionNames.hash].map { constantTimeEqual(Array($0.utf8).span, Array(hash.utf8).span) } == true
        if !isSame {
            if session[SessionNames.user] != nil { try await session.flush() }
            try await session.cycleKey()
        }
        session[SessionNames.user] = account.keyText
        session[SessionNames.backend] = login.backend
        session[SessionNames.hash] = hash
        var current = account
        current.lastLogin = now
        source.set(RequestUser(current, in: database), key: session.key)
    }

    /// Logs the user out: empties the session and deletes its key; Django's and Channels' `logout`.
    ///
    /// The session's sockets are closed with 4401. With signed cookies, all sockets of the user are closed, because
    /// sessions cannot be told apart.
    public func logout() async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let session = try await session
        let (key, user) = (session.key, source.known?.id ?? session[SessionNames.user])
        try await session.flush()
        source.set(.anonymous, key: nil)
        guard let watch = services.find(SocketWatch.self) else { return }
        if session.hasLastingKey {
            if let key { await watch.end(session: key) }
        } else if let user {
            await watch.end(user: user)
        }
    }

    /// Keeps the user logged in after a password change; Django's `update_session_auth_hash`. All of the user's other
    /// sessions end.
    ///
    /// The user's open sockets are closed with 4401. Those of this browser can connect again with the new session.
    public func updateSessionHash(_ account: any UserModel) async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let session = try await session
        try await session.cycleKey()
        session[SessionNames.hash] = source.accounts.hashes.hash(account.sessionHashText)
        source.set(RequestUser(account, in: try source.accounts.context.database), key: session.key)
        await services.find(SocketWatch.self)?.end(user: account.keyText)
    }

    /// Checks a username and a password. Returns the user, or nil if they are not valid; Django's `authenticate`.
    ///
    /// - Throws: `LoginThrottled` after too many failures of the username or from the client's address; the errors
    ///   of `Accounts.authenticate`.
    public func authenticate(username: String, password: String) async throws -> AuthenticatedUser? {
        let throttle = services.find(LoginThrottle.self)
        let address = LoginThrottle.key(of: client)
        try await throttle?.begin(username: username, address: address)
        do {
            let user = try await services.get(Accounts.self).authenticate(username: username, password: password)
            if user != nil { await throttle?.succeeded(username: username, address: address) }
            return user
        } catch {
            await throttle?.abandoned(username: username, address: address)
            throw error
        }
    }
}

extension Request {
    /// Checks a username and a password. Returns the user, or nil if they are not valid; Django's `authenticate`.
    ///
    /// - Throws: `LoginThrottled` after too many failures for the username or from the client's address; the errors of
    ///   `Accounts.authenticate`.
    public func authenticate(username: String, password: String) async throws -> AuthenticatedUser? {
        try await scope.authenticate(username: username, password: password)
    }

    /// Logs a user in; Django's `login`. Also replaces the CSRF token.
    ///
    /// - Throws: The errors of ``/StraitHTTP/Scope/login(_:)``.
    public func login(_ login: AuthenticatedUser) async throws {
        try await scope.login(login)
        rotateCSRFTokenIfAny()
    }

    /// Logs the user out; Django's `logout`.
    public func logout() async throws { try await scope.logout() }
}
