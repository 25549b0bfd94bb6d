internal import FoundationEssentials
public import StraitHTTP
public import StraitRouting
public import StraitWeb

/// Middleware that keeps messages from one request of a visitor to the next; Django's `MessageMiddleware`.
///
/// It belongs inside a ``/StraitSessions/SessionMiddleware``, unless `MESSAGE_STORAGE` is `cookie`. WebSockets have no
/// messages.
public struct MessageMiddleware: Middleware {
    /// The application whose pages have messages.
    public let inner: any Application
    private let storage: MessageStorage
    private let level: MessageLevel
    private let tags: [Int: String]

    /// Creates the middleware around `inner`, with the settings of `site`.
    ///
    /// - Throws: ``MessagesError/Code/noStorage`` if `MESSAGE_STORAGE` is not a known storage.
    public init(_ inner: any Application, in site: SiteContext) throws { try self.init(inner, settings: site.settings) }

    /// Creates the middleware around `inner`.
    ///
    /// - Parameters:
    ///   - inner: The application whose pages have messages.
    ///   - settings: `MESSAGE_STORAGE`, `MESSAGE_LEVEL`, `MESSAGE_TAGS`, `SECRET_KEY`, and the settings of the session
    ///     cookie, which also apply to the message cookie.
    /// - Throws: ``MessagesError/Code/noStorage`` if `MESSAGE_STORAGE` is not a known storage.
    public init(_ inner: any Application, settings: Settings) throws {
        // Without a key, anyone could sign a message with HTML.
        if settings.secretKey.isEmpty { throw SiteError.noSecretKey }
        self.inner = inner
        storage = try MessageStorage(settings)
        level = MessageLevel(rawValue: settings.messageLevel)
        tags = settings.messageTags
    }

    /// Adds the messages to the scope of a page.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type == .http, scope[Messages.self] == nil else { return try await inner.resolve(scope) }
        let found = try await storage.load(scope)
        let messages = Messages(found.messages, isUsed: found.cookieIsBad, level: level, tags: tags)
        var scope = scope
        scope[Messages.self] = messages
        guard var resolution = try await inner.resolve(scope) else { return nil }
        resolution.mapResponse { [storage, scope] response in
            // A page that shows messages differs for each visitor.
            if !found.messages.isEmpty, messages.isUsed { response.headers.addVary("Cookie") }
            guard let remaining = messages.remaining else { return }
            try await storage.store(remaining, found, scope, &response)
        }
        return resolution
    }
}

extension Request {
    /// The messages for the visitor of the page; Django's `messages` and `get_messages`.
    ///
    /// ```swift
    /// try request.messages.success("The ferry was booked.")
    /// ```
    ///
    /// - Throws: `MessagesError.Code.noMiddleware` outside a `MessageMiddleware`.
    public var messages: Messages {
        get throws(MessagesError) {
            guard let messages = scope[Messages.self] else {
                throw MessagesError(
                    .noMiddleware,
                    "This request has no messages. Add MessageMiddleware to the site's middleware, inside "
                        + "SessionMiddleware.")
            }
            return messages
        }
    }
}
