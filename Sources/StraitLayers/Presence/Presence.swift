public import StraitNetwork

/// Who is in a group, over all processes that share its channel layer: Phoenix' `Presence`, for which Channels has no
/// name.
///
/// ```swift
/// struct Person: Codable, Sendable { var color: String }
/// let people = Presence<Person>("chat_lobby")
///
/// // In a consumer:
/// try await track(people, as: name, Person(color: "red"))    // until its socket ends
/// try await follow(people)                                   // sends who is there, and who comes and goes, to the browser
///
/// // From anywhere:
/// let here = try await request.presenceList(people)
/// ```
///
/// A member is a *key*, such as a user's id or name, with metadata. Several sockets may be tracked under one key, two
/// windows of a browser for instance: it joins with the first of them and leaves with the last. Its metadata is what
/// was said last, by whichever of its sockets, and stays so until another says something else or the key leaves. Keys
/// are told apart by their bytes: where users choose them, have one spelling of each letter.
///
/// A process that is killed takes its members with it: the layer notices, within ten seconds over Redis, and each of
/// them is announced to have left once.
///
/// Being present and being in the ``Group`` of that name are two things: neither needs the other. A presence is only a
/// name; nothing happens before somebody is tracked or follows. How many keys a process tracks is bounded by nothing
/// but the number of its sockets and what they ask for.
public struct Presence<Meta: Codable & Sendable>: Sendable, Hashable {
    /// The group's name: at most 99 ASCII letters, digits, hyphens, underscores and periods.
    public let name: String
    /// Up to how many keys everybody who follows is told of each. Where there are more, a sample of them and the count
    /// are told, the count about once a second at most.
    public let exactUpTo: Int
    /// Which channel layer the group is in.
    public let layer: String

    /// Who is in the group `name`.
    ///
    /// - Parameters:
    ///   - exactUpTo: Up to how many keys those who follow are told of each; 0 for the count alone. Give it the same
    ///     for one group everywhere: within a process that of whoever follows first counts.
    ///   - layer: Which channel layer the group is in.
    /// - Precondition: `exactUpTo` is not negative.
    public init(_ name: String, exactUpTo: Int = 100, layer: String = "default") {
        precondition(exactUpTo >= 0, "A presence is exact up to 0 keys or more.")
        self.name = name
        self.exactUpTo = exactUpTo
        self.layer = layer
    }

    /// Who is in `group`.
    ///
    /// - Precondition: `exactUpTo` is not negative.
    public init<Event>(of group: Group<Event>, exactUpTo: Int = 100) {
        self.init(group.name, exactUpTo: exactUpTo, layer: group.layer)
    }
}

extension ServiceProvider {
    /// The members of `presence`, from anywhere: a page, a timer, a consumer. Phoenix' `Presence.list`.
    ///
    /// All of them up to the presence's ``/StraitLayers/Presence/exactUpTo``; above it, their count and a sample. Metadata
    /// that is not a `Meta` is left out and counted in the layer's counters. Each call asks the layer again: to follow
    /// changes, use a consumer's `follow`.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` for a name that is not valid, or if there is no such layer or it has no
    ///   presence; the layer's errors.
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

    /// The number of keys in `presence`.
    ///
    /// - Throws: As ``presenceList(_:)``.
    public nonisolated(nonsending) func presenceCount<Meta>(_ presence: Presence<Meta>) async throws -> Int {
        try await presenceLayer(presence.layer).presence.snapshot(of: presence.name, exactUpTo: 0).count
    }

    private func presenceLayer(_ alias: String) throws(LayerError) -> any SocketLayer {
        let found = try getChannelLayer(alias)
        if let found = found as? any SocketLayer { return found }
        throw .unsupported(
            "The channel layer '\(alias)', a \(type(of: found)), does not know who is present. Give one of Strait's own that name."
        )
    }
}
