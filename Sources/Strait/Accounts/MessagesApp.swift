import StraitMessages
public import StraitWeb

/// Messages that a visitor sees once, available in every template; Django's `django.contrib.messages`.
///
/// ```swift
/// var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), MessagesApp(), ChatApp()] }
/// var middleware: MiddlewareList { .accounts }
/// ```
///
/// `MiddlewareList.accounts` includes the `MessageMiddleware`.
public struct MessagesApp: App {
    /// Creates the app.
    public init() {}

    /// `messages`.
    public var label: String { "messages" }
    /// The variables `messages` and `DEFAULT_MESSAGE_LEVELS`.
    public var contextProcessors: [ContextProcessor] { [.messages] }
}
