/// Where it is kept who is in which group, for all processes that share a layer: what each kind of layer has of its
/// own.
///
/// **Entries.** A key is in a group for as long as one entry of it is; its metadata is what the latest `enter` or
/// `update` of any of its entries said. `enter` joins the key with its first entry, `leave` has it leave with its last,
/// and both, as well as the reaping of a process that is gone, are atomic and make one ``PresenceDelta`` where a key
/// came, went, or has other metadata than before, and none otherwise.
///
/// **Versions.** Each change of a group has a higher version than the last one, and names that one as its `since`. A
/// snapshot is of one version. A group that everybody left may be forgotten, and begins with `since` 0 then, with
/// versions above those that it had; whoever watches it reads it anew, so it is better kept for a while.
///
/// **Leases.** A store whose process may be taken for dead keeps the entries that it was given, and enters them again
/// where that has happened: an `enter` of an entry that is there already is an `update`.
///
/// **Locks.** What does not wait here is called from any thread and with locks held: it must neither block nor call
/// back into the ``PresenceTable``. `receive` takes locks of its own, and may be called with the store's held.
package protocol PresenceStore: AnyObject, Sendable {
    /// Adds `entry`; it is there, and on its way to all who watch, when this has returned.
    ///
    /// - Throws: Where it could not be added, or it is not known whether it was, or the task was cancelled.
    ///   ``leave(_:)`` is called for it then.
    nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws

    /// Changes what is said of the key of `entry`. Without effect where the entry is not there.
    nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws

    /// Removes an entry, sooner or later; without effect where it is not there. Does not wait.
    ///
    /// Its `enter` has returned or thrown before this is called, and this takes effect behind it. An `update` may be
    /// under way still: where that comes behind, it finds no entry and has no effect.
    func leave(_ entry: PresenceEntry)

    /// Who is in `group`: all where they are no more than `limit`, else their count and up to `sample` of them.
    ///
    /// - Throws: Where it cannot be known, within a time that the store sets.
    nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot

    /// Has `receive` called with what happens to `group`, beginning with ``PresenceNews/began``, until ``unwatch(_:)``.
    /// Once at a time for a group. A snapshot that is asked for after `began` holds everything that is not told after
    /// it.
    ///
    /// `receive` is called from any thread, and must be called in the order in which things came for one group. It does
    /// not wait and calls nothing of the store. It may be called before this returns.
    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceNews) -> Void)

    /// Ends the watch of `group`: does not wait, and a call of `receive` that is under way is harmless. The group may
    /// be watched anew at once, with another `receive`.
    func unwatch(_ group: String)
}
