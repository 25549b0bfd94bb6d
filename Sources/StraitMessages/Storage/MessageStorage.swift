internal import FoundationEssentials
internal import StraitCore
internal import StraitHTTP
internal import StraitSessions
internal import StraitWeb

/// The storage of messages between requests; Django's `MESSAGE_STORAGE`.
struct MessageStorage: Sendable {
    enum Kind: String {
        case cookie, session, fallback
    }

    /// The messages of a request's cookie and session, with the places in which they were found.
    struct Found: Sendable {
        var messages: [FlashMessage] = []
        /// Whether the cookie is unreadable and has to be deleted.
        var cookieIsBad = false
        var cookieHasMessages = false
        var sessionHasMessages = false
    }

    private static let sessionName = "_messages"
    private let kind: Kind
    private let cookie: MessageCookie
    private let isDebug: Bool

    /// Creates the storage of a site.
    ///
    /// - Throws: ``MessagesError/Code/noStorage`` if `MESSAGE_STORAGE` is not a known storage.
    init(_ settings: Settings, now: @escaping @Sendable () -> Date = { Date() }) throws(MessagesError) {
        let name = settings.messageStorage
        let known = ["cookie", "session", "fallback"].first { short in
            name == short || name == "django.contrib.messages.storage.\(short).\(short.capitalized)Storage"
        }
        guard let known, let kind = Kind(rawValue: known) else {
            throw MessagesError(
                .noStorage,
                "MESSAGE_STORAGE is '\(name)', which is not a message storage. Set it to fallback, cookie or "
                    + "session.")
        }
        self.kind = kind
        isDebug = settings.debug
        cookie = MessageCookie(settings, now: now)
    }

    /// Reads the messages of a request. The session is loaded only if it may contain messages.
    func load(_ scope: Scope) async throws -> Found {
        var found = Found()
        if kind != .session {
            guard let value = scope.cookies[MessageCookie.name], !value.isEmpty else { return found }
            guard let read = cookie.read(value) else {
                found.cookieIsBad = true
                return found
            }
            found.messages = read.messages
            found.cookieHasMessages = !read.messages.isEmpty
            if kind == .cookie || read.isFinished { return found }
        } else if scope.cookies[try scope.services.get(Sessions.self).settings.cookieName] == nil {
            return found
        }
        if let text = try await scope.session[Self.sessionName] {
            let stored = MessageText.read(Bytes(text))?.messages ?? []
            found.sessionHasMessages = true
            found.messages += stored
        }
        return found
    }

    /// Stores messages, and adds the cookie to the response.
    ///
    /// - Throws: ``MessagesError/Code/tooLarge`` with `DEBUG`, if the messages do not fit into the cookie; an error of
    ///   the session store.
    func store(_ messages: [FlashMessage], _ found: Found, _ scope: Scope, _ response: inout Response) async throws {
        var rest = messages
        if kind != .session {
            // Django's fallback storage deletes an unreadable cookie too, but only if it has a message to store.
            if !messages.isEmpty || found.cookieHasMessages || found.cookieIsBad || kind == .cookie {
                let written = try cookie.write(messages, dropsOldest: kind == .cookie)
                rest = written.others
                let isKnown = scope.cookies[MessageCookie.name] != nil
                if written.value != nil || isKnown { try response.setCookie(cookie.setCookie(written.value)) }
            }
            if kind == .cookie {
                if isDebug, !rest.isEmpty {
                    throw MessagesError(
                        .tooLarge,
                        "\(rest.count) of \(messages.count) messages do not fit into the cookie's "
                            + "\(MessageCookie.limit) bytes. Set MESSAGE_STORAGE to fallback or session.")
                }
                return
            }
        }
        if rest.isEmpty {
            if found.sessionHasMessages { try await scope.session[Self.sessionName] = nil }
        } else {
            let parts = rest.map { MessageText.json($0, separator: ", ") }
            let text = String(decoding: MessageText.list(parts, separator: ", "), as: UTF8.self)
            try await scope.session[Self.sessionName] = text
        }
    }
}

/// An error in the use of messages.
public struct MessagesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The page is outside a ``MessageMiddleware``.
        case noMiddleware
        /// The setting `MESSAGE_STORAGE` is not a known storage.
        case noStorage
        /// The messages do not fit into the cookie. Thrown only with `DEBUG`; otherwise the oldest are dropped.
        case tooLarge
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
