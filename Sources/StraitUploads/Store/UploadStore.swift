internal import Glibc

/// Unfinished uploads on a disk, each in a folder of its own. Processes on one machine share them.
///
/// All calls block on the disk, so make them on a thread of a pool. An upload's folder has these files:
///
/// | file | content |
/// | --- | --- |
/// | `record` | the ``UploadRecord`` |
/// | `part` | the received bytes; space for the declared size is reserved when the upload begins |
/// | `journal` | the ``UploadJournal`` |
/// | `slices` | 32 bytes for each complete slice; see ``SliceDigests`` |
/// | `target` | the path to which the complete file moves; only at the end |
package struct UploadStore: Sendable {
    /// The folder of the uploads. It must exist, and be on the disk to which complete files move.
    package let root: String
    let disk: any UploadDisk
    /// Returns the current time in seconds since 1970.
    let now: @Sendable () -> Int64

    package init(root: String, disk: any UploadDisk = SystemDisk(), now: @escaping @Sendable () -> Int64) {
        self.root = root
        self.disk = disk
        self.now = now
    }

    /// The files of an upload.
    enum Part: String, CaseIterable {
        case record, part, journal, slices, target
    }

    func folder(_ id: String) -> String { "\(root)/\(id)" }
    func path(_ id: String, _ part: Part) -> String { "\(root)/\(id)/\(part.rawValue)" }

    // MARK: Beginning and ending

    /// Stores a new upload, and reserves space for its bytes. After a power loss, either all of it or nothing is left.
    ///
    /// - Throws: ``UploadError/Code/noSpace``, ``UploadError/Code/disk``.
    package func create(_ record: UploadRecord) throws(UploadError) {
        precondition(UploadRecord.isValid(id: record.id), "Invalid upload identifier: use UploadRecord.randomID().")
        let draft = ".new-\(record.id)"
        do {
            try write(record, to: draft)
            try disk.rename(folder(draft), to: folder(record.id))
            try disk.syncFolder(root)
        } catch {
            let error = Self.translated(error)
            // An error in the cleanup would hide the cause. The next sweep tries again.
            try? clear(draft)
            try? clear(record.id)
            throw error
        }
    }

    private func write(_ record: UploadRecord, to draft: String) throws {
        try disk.makeFolder(folder(draft))
        let description = try disk.open(path(draft, .record), creates: true)
        let text = try record.encoded
        try description.write(text.span, at: 0)
        try description.sync()
        let part = try disk.open(path(draft, .part), creates: true)
        try part.reserve(record.size)
        try part.sync()
        let journal = UploadJournal(try disk.open(path(draft, .journal), creates: true))
        try journal.append(.init(durable: 0, epoch: 0, time: now()), at: 0)
        try journal.sync()
        try disk.open(path(draft, .slices), creates: true).sync()
        try disk.syncFolder(folder(draft))
    }

    /// Removes an upload and its bytes. Has no effect if there is none.
    ///
    /// - Throws: ``UploadError/Code/disk``.
    package func remove(_ id: String) throws(UploadError) {
        guard UploadRecord.isValid(id: id) else { return }
        do {
            let gone = ".gone-\(id)"
            try renameIfThere(folder(id), to: folder(gone))
            try clear(gone)
        } catch { throw Self.translated(error) }
    }

    /// Renames a file or folder if it exists.
    func renameIfThere(_ path: String, to target: String) throws(UploadDiskError) {
        let result = Result { () throws(UploadDiskError) in try disk.rename(path, to: target) }
        if case .failure(let error) = result, error.code != ENOENT { throw error }
    }

    /// Removes a folder and the files of an upload in it.
    private func clear(_ name: String) throws(UploadDiskError) {
        for part in Part.allCases { try disk.removeFile(path(name, part)) }
        try disk.removeFolder(folder(name))
        try disk.syncFolder(root)
    }

    /// Returns the record of an upload.
    ///
    /// - Throws: ``UploadError/Code/expired`` if there is none; ``UploadError/Code/stateLost``.
    package func record(_ id: String) throws(UploadError) -> UploadRecord {
        guard UploadRecord.isValid(id: id) else { throw .unknown }
        let bytes = try recordBytes(id)
        guard let record = UploadRecord(decoding: bytes) else { throw .damaged }
        return record
    }

    private func recordBytes(_ id: String) throws(UploadError) -> [UInt8] {
        do throws(UploadDiskError) {
            let file = try disk.open(path(id, .record), creates: false)
            let size = try file.size()
            return try file.read(Int(min(size, 1 << 20)), at: 0)
        } catch {
            if error.code == ENOENT { throw .unknown }
            throw .disk(error)
        }
    }

    /// The stored uploads, each with the time of its last durable byte.
    package func all() throws(UploadError) -> [(record: UploadRecord, lastTime: Int64)] {
        do {
            var found: [(UploadRecord, Int64)] = []
            for id in try disk.names(in: root) where UploadRecord.isValid(id: id) {
                if let one = try entry(id) { found.append(one) }
            }
            return found
        } catch { throw Self.translated(error) }
    }

    /// Returns an upload and the time of its last durable byte. Returns nil if another process is removing the upload,
    /// or if its state is damaged.
    private func entry(_ id: String) throws(UploadDiskError) -> (UploadRecord, Int64)? {
        guard let record = try? record(id) else { return nil }
        let file = try disk.open(path(id, .journal), creates: false)
        let last = try UploadJournal(file).last()
        return (record, last?.record.time ?? record.createdAt)
    }

    /// Removes the remains of interrupted calls, and the uploads that have stored no durable byte since `limit`, in
    /// seconds since 1970. Returns the identifiers of the removed uploads.
    package func sweep(before limit: Int64) throws(UploadError) -> [String] {
        do {
            for name in try disk.names(in: root) where name.hasPrefix(".new-") || name.hasPrefix(".gone-") {
                try clear(name)
            }
        } catch { throw Self.translated(error) }
        var removed: [String] = []
        for (record, time) in try all() where time < limit {
            try remove(record.id)
            removed.append(record.id)
        }
        return removed
    }

    /// Opens an upload for writing. Other connections that have it open can no longer write.
    ///
    /// - Parameters:
    ///   - id: The identifier of the upload.
    ///   - verifies: Whether the client sends a digest for each slice. If so, only correct slices become durable.
    /// - Throws: ``UploadError/Code/expired`` if there is no such upload; ``UploadError/Code/stateLost``;
    ///   ``UploadError/Code/disk``.
    package func attach(_ id: String, verifies: Bool = false) throws(UploadError) -> OpenUpload {
        try OpenUpload(record: try record(id), in: self, verifies: verifies)
    }

    static func translated(_ error: any Error) -> UploadError {
        switch error {
        case let error as UploadError: error
        case let error as UploadDiskError: .disk(error)
        default: .damaged
        }
    }
}
