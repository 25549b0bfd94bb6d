public import StraitCore

/// The members that are present in a group, across all processes that share its channel layer. Phoenix's `Presence`;
/// Channels has no equivalent.
///
/// ```swift
/// struct Person: Codable, Sendable { var color: String }
/// let people = Presence<Person>("chat_lobby")
///
/// // In a consumer:
/// try await track(people, as: name, Person(color: "red"))    // until its socket ends
/// try await follow(people)                                   // sends the members and their changes to the browser
///
/// // From anywhere:
/// let here = try await request.presenceList(people)
/// ```
///
/// A member is a *key*, such as a user's ID or name, with metadata. Several sockets can be tracked under one key, for
/// example two browser windows. The key joins with its first socket and leaves with its last. Its metadata is the
/// latest that any of its sockets set. It stays until a socket changes it or the key leaves.
///
/// Keys are compared by their bytes. If users choose them, normalize the Unicode first.
///
/// If a process is killed, the layer removes its members and announces each of them once. With Redis, this takes up to
/// ten seconds.
///
/// A presence and the ``Group`` of the same name are independent. Creating a presence does not contact the layer. There
/// is no limit on the number of keys that a process tracks, except the number of its sockets and of their requests.
public struct Presence<Meta: Codable & Sendable>: Sendable, Hashable {
    /// The group's name: at most 99 ASCII letters, digits, hyphens, underscores and periods.
    public let name: String
    /// The number of keys up to which followers get every change. In a larger group they get the count, at most about
    /// once a second, and a sample of the members.
    public let exactUpTo: Int
    /// The name of the group's channel layer.
    public let layer: String

    /// Creates a presence for the group named `name`.
    ///
    /// - Parameters:
    ///   - exactUpTo: The number of keys up to which followers get every change; 0 for the count alone. Use the same
    ///     value for a group everywhere. Within a process, the value of the first follower counts.
    ///   - layer: The name of the group's channel layer.
    /// - Precondition: `exactUpTo` is not negative.
    public init(_ name: String, exactUpTo: Int = 100, layer: String = "default") {
        precondition(exactUpTo >= 0, "Invalid exactUpTo: expected 0 or more.")
        self.name = name
        self.exactUpTo = exactUpTo
        self.layer = layer
    }

    /// Creates a presence with the name and layer of `group`.
    ///
    /// - Precondition: `exactUpTo` is not negative.
    public init<Event>(of group: Group<Event>, exactUpTo: Int = 100) {
        self.init(group.name, exactUpTo: exactUpTo, layer: group.layer)
    }
}

extension ServiceProvider {
    /// Returns the members of `presence`. Callable from pages, timers and consumers. Phoenix's `Presence.list`.
    ///
    /// The list contains all members up to ``/StraitLayers/Presence/exactUpTo``, and their count and a sample above it.
    /// Members whose metadata cannot be decoded are left out and counted in the layer's counters. Each call reads from
    /// the layer. To follow changes, use a consumer's `follow`.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid, no layer has the presence's layer name, or the
    ///   layer does not support presence; the layer's errors.
    public nonisolated(nonsending) func presenceList<Meta>(
        _ presence: Presence<Meta>
    ) async throws -> PresenceList<Meta> {
        let layer = try presenceLayer(presence.layer)
        let snapshot = try await layer.presence.snapshot(of: presence.name, exactUpTo: presence.exactUpTo)
        let members = PresenceCoding.decode(Meta.self, snapshot.members)
        layer.counters.skip(members.unreadable)
        return PresenceList(
            count: snapshot.count, members: members.read, isExact: members.read.count == snapshot.count)
    }

    /// Returns the number of keys in `presence`.
    ///
    /// - Throws: The errors of ``presenceList(_:)``.
    public nonisolated(nonsending) func presenceCount<Meta>(_ presence: Presence<Meta>) async throws -> Int {
        try await presenceLayer(presence.layer).presence.snapshot(of: presence.name, exactUpTo: 0).count
    }

    private func presenceLayer(_ alias: String) throws(LayerError) -> any LocalDeliveryLayer {
        let found = try getChannelLayer(alias)
        if let found = found as? any LocalDeliveryLayer { return found }
        throw .unsupported(
            """
            The channel layer '\(alias)', a \(type(of: found)), does not support presence. Use one of Strait's channel \
            layers under that name.
            """
        )
    }
}

/// A key that is compared by its bytes, as stores and browsers do. `String` would treat two Unicode spellings of the
/// same letter as equal.
package struct PresenceKey: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: PresenceKey, right: PresenceKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}

/// An error when a presence is tracked or updated.
public enum PresenceError: Error, Hashable, Sendable {
    /// The key is empty or longer than 128 bytes of UTF-8.
    case invalidKey(String)
    /// The metadata exceeds 4 KiB. `bytes` is its size as JSON.
    case metadataTooLarge(key: String, bytes: Int)
    /// The consumer is not tracked in the group, so it has no metadata to update.
    case notTracked(String)
}

extension PresenceError: CustomStringConvertible {
    /// The error's text: what happened and what to do.
    public var description: String {
        switch self {
        case .invalidKey(let key):
            """
            The presence key '\(key.prefix(40))\(key.count > 40 ? "…" : "")' has \(key.utf8.count) bytes. Use 1 to \
            \(PresenceRecord.longestKey) bytes of UTF-8, such as a user's ID.
            """
        case .metadataTooLarge(let key, let bytes):
            """
            The metadata of '\(key)' takes \(bytes) bytes as JSON; the maximum is \(PresenceRecord.largestMeta), \
            because every follower receives it. Store larger data elsewhere and look it up by the key.
            """
        case .notTracked(let group):
            "This consumer is not tracked in '\(group)', so it has no metadata to update. Call track(_:as:_:) first."
        }
    }
}

/// A consumer's subscription to a group's presence. Loop-bound.
package final class PresenceSubscription {
    package let watch: PresenceWatch
    package let membership: Membership
    private let loop: EventLoop
    private var hasEnded = false

    init(_ watch: PresenceWatch, _ membership: Membership, loop: EventLoop) {
        self.watch = watch
        self.membership = membership
        self.loop = loop
    }

    /// Ends the subscription: no more changes are delivered.
    package func end() {
        guard !hasEnded else { return }
        hasEnded = true
        membership.leave()
        watch.release(from: loop)
    }
}
