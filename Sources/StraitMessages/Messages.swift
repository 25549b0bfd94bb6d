public import StraitText
internal import Synchronization

/// The messages of a visitor: those of earlier requests that have not been shown, and new ones; Django's
/// `get_messages(request)`.
///
/// ```swift
/// try request.messages.success("The ferry was booked.")
/// return try request.redirect(to: "bookings")
/// ```
///
/// A template shows them with `{% for message in messages %}`, which also removes them. Messages that no page shows
/// stay for the next request.
public final class Messages: Sendable {
    private struct State {
        var loaded: [FlashMessage] = []
        var queued: [FlashMessage] = []
        var isUsed = false
        var hasNew = false
        var level: MessageLevel
    }

    /// The maximum number of messages that wait for a visitor. The oldest are dropped first.
    static let maximumCount = 1000

    private let tags: [Int: String]
    private let state: Mutex<State>

    init(_ loaded: [FlashMessage] = [], isUsed: Bool = false, level: MessageLevel = .info, tags: [Int: String] = [:]) {
        let tags = MessageLevel.tags(tags)
        self.tags = tags
        let loaded = loaded.map { message in
            var message = message
            message.levelTag = tags[message.level.rawValue] ?? ""
            return message
        }
        state = Mutex(State(loaded: loaded, isUsed: isUsed, level: level))
    }

    // MARK: Adding

    /// Adds a message; Django's `add_message`. An empty message or one below ``level`` is ignored.
    ///
    /// - Parameters:
    ///   - level: The importance.
    ///   - text: The text, which templates escape.
    ///   - extraTags: CSS classes in addition to the level's, separated by spaces.
    public func add(_ level: MessageLevel, _ text: String, extraTags: String = "") {
        add(FlashMessage(level, text, extraTags: extraTags, levelTag: tags[level.rawValue] ?? ""))
    }

    /// Adds a message with HTML, which templates do not escape. An empty message or one below ``level`` is ignored.
    ///
    /// - Parameters:
    ///   - level: The importance.
    ///   - html: The HTML. It must not contain unescaped user input.
    ///   - extraTags: CSS classes in addition to the level's, separated by spaces.
    @_disfavoredOverload
    public func add(_ level: MessageLevel, _ html: SafeString, extraTags: String = "") {
        add(FlashMessage(level, html.text, isSafe: true, extraTags: extraTags, levelTag: tags[level.rawValue] ?? ""))
    }

    private func add(_ message: FlashMessage) {
        state.withLock { state in
            guard !message.text.isEmpty, message.level >= state.level else { return }
            state.hasNew = true
            state.queued.append(message)
        }
    }

    /// Adds a message for developers. By default it is not kept.
    public func debug(_ text: String, extraTags: String = "") { add(.debug, text, extraTags: extraTags) }
    /// Adds information for the user.
    public func info(_ text: String, extraTags: String = "") { add(.info, text, extraTags: extraTags) }
    /// Adds a message about a successful action.
    public func success(_ text: String, extraTags: String = "") { add(.success, text, extraTags: extraTags) }
    /// Adds a warning.
    public func warning(_ text: String, extraTags: String = "") { add(.warning, text, extraTags: extraTags) }
    /// Adds a message about a failed action.
    public func error(_ text: String, extraTags: String = "") { add(.error, text, extraTags: extraTags) }

    /// The lowest level of messages that this request keeps; Django's `get_level` and `set_level`. Its initial value is
    /// `MESSAGE_LEVEL`.
    public var level: MessageLevel {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    // MARK: Reading

    /// Returns all messages, and removes them after the response. A later call in the same request returns them again.
    public func read() -> [FlashMessage] {
        state.withLock { state in
            state.isUsed = true
            state.loaded += state.queued
            state.queued = []
            return state.loaded
        }
    }

    /// The number of messages. Counting does not remove them.
    public var count: Int { state.withLock { $0.loaded.count + $0.queued.count } }

    /// Whether there are no messages. The check does not remove any.
    public var isEmpty: Bool { count == 0 }

    /// Whether the messages have been read and will be removed; Django's `storage.used`. Set it to false to keep
    /// them.
    public var isUsed: Bool {
        get { state.withLock { $0.isUsed } }
        set { state.withLock { $0.isUsed = newValue } }
    }

    // MARK: Storing

    /// The messages to store with the response; nil if nothing has changed.
    var remaining: [FlashMessage]? {
        state.withLock { state in
            if state.isUsed { return state.queued.suffix(Self.maximumCount) }
            return state.hasNew ? (state.loaded + state.queued).suffix(Self.maximumCount) : nil
        }
    }
}
