/// Storage for presence, shared by all processes on a channel layer. Each kind of layer has its own implementation.
///
/// **Entries.** A key is in a group while it has at least one entry. Its metadata is that of the latest `enter` or
/// `update` of any of its entries. A key joins with its first `enter` and leaves with its last `leave`. Both calls are
/// atomic, and so is the removal of a dead process's entries. Each makes one ``PresenceDelta`` if a key joined, left or
/// changed its metadata, and none otherwise.
///
/// **Versions.** Each change of a group has a higher version than the previous one, and names the previous version as
/// its `since`. A snapshot has one version. A group without members may be removed. Its next change then has a `since`
/// of 0 and a version above all its earlier ones. Watches then have to read a snapshot, so stores should keep an empty
/// group for a while.
///
/// **Leases.** A store whose process can be mistaken for dead remembers its entries, and enters them again if that
/// happened. An `enter` of an existing entry acts as an `update`.
///
/// **Locks.** Functions that are not async are called from any thread and with locks held. They must neither block nor
/// call back into the ``PresenceTable``. `receive` acquires its own locks and may be called while the store's lock is
/// held.
package protocol PresenceStore: AnyObject, Sendable {
    /// Adds `entry`. When this returns, it is stored and on its way to all watches.
    ///
    /// - Throws: If the entry could not be added, its state is unknown, or the task was cancelled. The caller then
    ///   calls ``leave(_:)`` for it.
    nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws

    /// Changes the metadata of the key of `entry`. Has no effect if the entry does not exist.
    nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws

    /// Removes an entry soon, without waiting. Has no effect if the entry does not exist.
    ///
    /// The caller calls this after its `enter` returned or threw, and the removal takes effect after that `enter`. An
    /// `update` may still be in progress. If it is applied after the removal, it finds no entry and has no effect.
    func leave(_ entry: PresenceEntry)

    /// Returns the members of `group`: all of them if there are at most `limit`, otherwise their count and up to
    /// `sample` of them.
    ///
    /// - Throws: If the members cannot be read within the store's timeout.
    nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot

    /// Calls `receive` for each change of `group` until ``unwatch(_:)``, starting with ``PresenceNews/began``. A group
    /// has at most one watch. A snapshot requested after `began` includes every change that is not reported after it.
    ///
    /// `receive` may be called from any thread, and before this returns. The store must call it in the order of the
    /// group's changes. It does not wait and does not call the store.
    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceNews) -> Void)

    /// Ends the watch of `group` without waiting. A `receive` call that is in progress is harmless. The group can be
    /// watched again at once, with another `receive`.
    func unwatch(_ group: String)
}
