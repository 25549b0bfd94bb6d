package import StraitCore
import StraitJSON
internal import Synchronization

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
/// **Leases.** A process may be mistaken for dead and lose its entries. If that can happen, the store remembers the
/// entries of its process and enters them again. An `enter` of an existing entry acts as an `update`.
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

    /// Calls `receive` for each change of `group` until ``unwatch(_:)``, starting with ``PresenceWatch.Event/began``. A
    /// group has at most one watch. A snapshot requested after `began` includes every change that is not reported after
    /// it.
    ///
    /// `receive` may be called from any thread, and before this returns. The store must call it in the order of the
    /// group's changes. It does not wait and does not call the store.
    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceWatch.Event) -> Void)

    /// Ends the watch of `group` without waiting. A `receive` call that is in progress is harmless. The group can be
    /// watched again at once, with another `receive`.
    func unwatch(_ group: String)
}

/// The members of a group at one version.
package struct PresenceSnapshot: Sendable, Hashable {
    /// The version of the latest change that the snapshot includes; 0 for a group without members or history.
    package let version: UInt64
    /// The number of keys in the group.
    package let count: Int
    /// All members, or a sample if there are more than requested.
    package let members: [PresenceRecord]

    package init(version: UInt64, count: Int, members: [PresenceRecord]) {
        self.version = version
        self.count = count
        self.members = members
    }
}

/// Storage for presence within this process, for the in-memory layer. No call waits.
package final class MemoryPresenceStore: PresenceStore {
    private struct State {
        var ledger = PresenceLedger()
        var watches: [String: @Sendable (PresenceWatch.Event) -> Void] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Applies a change and notifies the group's watch. The lock is held meanwhile, so that all watches get changes in
    /// the same order.
    private func change(_ group: String, _ step: (inout PresenceLedger) -> PresenceDelta?) {
        state.withLock { state in
            let watch = state.watches[group]
            if let delta = step(&state.ledger) { watch?(.changed(delta)) }
            if watch == nil { state.ledger.forget(group) }
        }
    }

    package func enter(_ entry: PresenceEntry) async throws { change(entry.group) { $0.enter(entry) } }

    package func update(_ entry: PresenceEntry) async throws { change(entry.group) { $0.update(entry) } }

    package func leave(_ entry: PresenceEntry) { change(entry.group) { $0.leave([entry.number], of: entry.group) } }

    package func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot {
        state.withLock { $0.ledger.snapshot(of: group, exactUpTo: limit, sample: sample) }
    }

    package func watch(_ group: String, _ receive: @escaping @Sendable (PresenceWatch.Event) -> Void) {
        state.withLock { state in
            state.watches[group] = receive
            receive(.began)
        }
    }

    package func unwatch(_ group: String) {
        state.withLock { state in
            state.watches[group] = nil
            state.ledger.forget(group)
        }
    }

    /// The number of groups that have entries or a watch.
    package var count: Int { state.withLock { $0.ledger.names.count } }
}

/// A key and its metadata.
package struct PresenceRecord: Sendable, Hashable {
    /// 1 to 128 bytes of UTF-8.
    package let key: String
    /// JSON text of at most 4096 bytes. Equal metadata has equal bytes.
    package let meta: Bytes

    /// The key in a form that is compared by bytes.
    package var id: PresenceKey { PresenceKey(key) }

    /// The maximum size of a key in bytes.
    package static let longestKey = 128
    /// The maximum size of a key's metadata in bytes of JSON.
    package static let largestMeta = 4096

    package init(key: String, meta: Bytes) {
        self.key = key
        self.meta = meta
    }

    /// Creates a record with encoded metadata.
    ///
    /// - Throws: ``PresenceError`` if the key or the metadata has an invalid size; `EncodingError`.
    package init(_ key: String, encoding meta: some Encodable) throws {
        guard (1...Self.longestKey).contains(key.utf8.count) else { throw PresenceError.invalidKey(key) }
        self.init(key: key, meta: try PresenceCoding.encode(meta, of: key))
    }
}

/// The presence of one socket of this process in a group.
package struct PresenceEntry: Sendable, Hashable {
    package let group: String
    /// A number that identifies the entry within its process and layer. Numbers are not reused.
    package let number: UInt64
    package var record: PresenceRecord

    package init(group: String, number: UInt64, record: PresenceRecord) {
        self.group = group
        self.number = number
        self.record = record
    }
}

/// The coding of a key's metadata as JSON text. Stores keep and compare this text, and browsers receive it.
enum PresenceCoding {
    /// Sorts keys so that equal metadata has equal JSON.
    private static let coder = JSONCoder(sortsKeys: true)

    /// Encodes metadata as JSON.
    ///
    /// - Throws: ``PresenceError/metadataTooLarge(key:bytes:)``; `EncodingError` if JSON cannot represent it.
    static func encode(_ meta: some Encodable, of key: String) throws -> Bytes {
        let bytes = try coder.encode(meta)
        guard bytes.count <= PresenceRecord.largestMeta else {
            throw PresenceError.metadataTooLarge(key: key, bytes: bytes.count)
        }
        return bytes
    }

    /// Decodes metadata by key. Also returns the number of records that cannot be decoded.
    static func decode<Meta: Decodable>(
        _ type: Meta.Type, _ records: [PresenceRecord]
    ) -> (read: [String: Meta], unreadable: Int) {
        var read: [String: Meta] = [:]
        for record in records { read[record.key] = try? coder.decode(type, from: record.meta) }
        return (read, records.count - read.count)
    }
}
