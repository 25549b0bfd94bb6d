internal import StraitCrypto
public import StraitHTTP
internal import StraitSessions
internal import StraitCore
internal import StraitWeb

extension Scope {
    /// Logs a user in for this session; Django's and Channels' `login`.
    ///
    /// The session gets a new key, so that a person who knew the old one is not logged in. A session of another user
    /// is emptied before. In a consumer, save the session afterwards: `try await scope.session.save()`.
    ///
    /// - Throws: `AccountError.Code.inactive` for a user who is deactivated; an error of the session's store or of
    ///   the database.
    public func login(_ login: AuthenticatedUser) async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let account = login.user
        let session = try await session
        let hash = source.accounts.hashes.hash(account.password)
        if let old = session[SessionNames.user] {
            let isSame =
                old == account.keyText
                && session[SessionNames.hash].map {
                    constantTimeEqual(Array($0.utf8).span, Array(hash.utf8).span)
                } == true
            if isSame { try await session.cycleKey() } else { try await session.flush() }
        } else {
            try await session.cycleKey()
        }
        session[SessionNames.user] = account.keyText
        session[SessionNames.backend] = login.backend
        session[SessionNames.hash] = hash
        let database = try source.accounts.context.database
        let now = source.accounts.now()
        try await account.store(lastLogin: now, in: database)
        var current = account
        current.lastLogin = now
        source.set(RequestUser(current, in: database))
    }

    /// Logs the user out: the session is emptied and its key deleted; Django's and Channels' `logout`.
    public func logout() async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let session = try await session
        let key = session.key
        try await session.flush()
        source.set(.anonymous)
        if let key { await services.find(SocketWatch.self)?.end(session: key) }
    }

    /// Keeps the user logged in after the password was changed; Django's `update_session_auth_hash`. All other
    /// sessions of the user end.
    public func updateSessionHash(_ account: any UserModel) async throws {
        guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
        let session = try await session
        await services.find(SocketWatch.self)?.end(user: account.keyText, except: session.key)
        try await session.cycleKey()
        session[SessionNames.hash] = source.accounts.hashes.hash(account.password)
        source.set(RequestUser(account, in: try source.accounts.context.database))
    }
}

extension Request {
    /// Returns the user of a username and a password, or nil; Django's `authenticate`.
    ///
    /// - Throws: `LoginThrottled` after too many failures of the username or from the client's address; the errors
    ///   of `Accounts.authenticate`.
    public func authenticate(username: String, password: String) async throws -> AuthenticatedUser? {
        let throttle = services.find(LoginThrottle.self)
        let address = LoginThrottle.key(of: scope.client)
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

    /// Logs a user in; Django's `login`. The CSRF token is replaced too.
    ///
    /// - Throws: The errors of ``/StraitHTTP/Scope/login(_:)``.
    public func login(_ login: AuthenticatedUser) async throws {
        try await scope.login(login)
        rotateCSRFTokenIfAny()
    }

    /// Logs the user out; Django's `logout`.
    public func logout() async throws { try await scope.logout() }
}
