internal import Glibc
internal import StraitCrypto
internal import Synchronization

/// An upload that a connection writes to. Calls block on the disk, and run one at a time.
package final class OpenUpload: Sendable {
    /// The description of the upload.
    package let record: UploadRecord
    private let store: UploadStore
    private let verifies: Bool
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let part: any UploadFile
        let slices: any UploadFile
        let journal: UploadJournal
        let epoch: UInt64
        /// The offset of the next record in the journal.
        var journalEnd: Int64
        var received: Int64
        var durable: Int64
        var digests: SliceDigests
        /// The digests that are not yet in the file `slices`; `firstNew` is the slice index of the first.
        var newDigests: [[UInt8]] = []
        var firstNew: Int64
        /// The number of bytes from the start in slices with a correct digest; only with `verifies`.
        var verified: Int64
        /// The hash of the received bytes, if this connection has received all of them.
        var whole = RunningSHA256()
        var hasWhole: Bool

        /// Adds a record to the journal, and makes it durable.
        mutating func store(durable: Int64, at time: Int64) throws(UploadDiskError) {
            try journal.append(.init(durable: durable, epoch: epoch, time: time), at: journalEnd)
            try journal.sync()
            journalEnd += Int64(UploadJournal.Record.size)
        }
    }

    /// The progress of an upload at one moment.
    package struct Position: Hashable, Sendable {
        /// The number of bytes from the start that have been received.
        package let received: Int64
        /// The number of bytes from the start that survive a power loss.
        package let durable: Int64
        /// The number of this connection among those that have written to the upload.
        package let epoch: UInt64
    }

    init(record: UploadRecord, in store: UploadStore, verifies: Bool) throws(UploadError) {
        self.record = record
        self.store = store
        self.verifies = verifies
        do {
            state = Mutex(try Self.open(record, in: store))
        } catch { throw UploadStore.translated(error) }
    }

    /// Opens the files, and writes the next epoch.
    private static func open(_ record: UploadRecord, in store: UploadStore) throws -> sending State {
        let part = try store.disk.open(store.path(record.id, .part), creates: false)
        let slices = try store.disk.open(store.path(record.id, .slices), creates: false)
        let file = try store.disk.open(store.path(record.id, .journal), creates: false)
        let journal = UploadJournal(file)
        try journal.lock()
        defer { journal.unlock() }
        guard let (last, end) = try journal.last(), last.durable <= record.size else {
            throw UploadError.damaged
        }
        // A torn record would hide the new ones.
        try file.resize(to: end)
        let next = UploadJournal.Record(durable: last.durable, epoch: last.epoch &+ 1, time: last.time)
        try journal.append(next, at: end)
        // The bytes of an incomplete slice are hashed again.
        let start = last.durable / SliceDigests.slice * SliceDigests.slice
        let begun = try part.read(Int(last.durable - start), at: start)
        guard Int64(begun.count) == last.durable - start else {
            throw UploadError.damaged
        }
        return State(
            part: part, slices: slices, journal: journal, epoch: next.epoch,
            journalEnd: end + Int64(UploadJournal.Record.size), received: last.durable, durable: last.durable,
            digests: SliceDigests(at: start, begun), firstNew: start / SliceDigests.slice, verified: last.durable,
            hasWhole: last.durable == 0)
    }

    /// The current progress.
    package var position: Position {
        state.withLock { Position(received: $0.received, durable: $0.durable, epoch: $0.epoch) }
    }

    /// Calls `body` with the state, while holding the lock that all processes share. Throws
    /// ``UploadError/Code/staleEpoch`` if a newer connection has attached.
    private func withLock<Output: Sendable>(_ body: (inout State) throws -> Output) throws(UploadError) -> Output {
        do {
            return try state.withLock { state in
                try state.journal.lock()
                defer { state.journal.unlock() }
                guard try state.journal.currentEpoch() == state.epoch else { throw UploadError.stale }
                return try body(&state)
            }
        } catch { throw UploadStore.translated(error) }
    }

    // MARK: Receiving

    /// Stores bytes at an offset. Bytes that were received before are skipped, so a client may repeat them.
    ///
    /// - Parameter digest: The SHA-256 hash of the slice that ends with these bytes; only if the upload was attached
    ///   with `verifies`.
    /// - Throws: ``UploadError/Code/gap``, ``UploadError/Code/tooLarge``, ``UploadError/Code/corrupt``,
    ///   ``UploadError/Code/staleEpoch``, ``UploadError/Code/noSpace``, ``UploadError/Code/disk``. After
    ///   ``UploadError/Code/corrupt``, the slice has to be sent again.
    @discardableResult
    package func append(
        _ bytes: Span<UInt8>, at offset: Int64, digest: [UInt8]? = nil
    ) throws(UploadError) -> Position {
        let (size, time) = (record.size, store.now())
        guard offset >= 0, offset <= size, Int64(bytes.count) <= size - offset else {
            throw UploadError(.tooLarge, "The file is larger than the \(size) bytes that were declared.", limit: size)
        }
        return try withLock { state in
            guard offset <= state.received else {
                throw UploadError(
                    .gap, "Bytes are missing: the next ones must begin at \(state.received).", offset: state.received)
            }
            let end = offset + Int64(bytes.count)
            if end > state.received {
                let fresh = bytes.extracting(Int(state.received - offset)..<bytes.count)
                let before = state.received
                try state.part.write(fresh, at: before)
                state.received = end
                state.digests.update(fresh)
                if state.hasWhole { state.whole.update(fresh) }
                if end == size { state.digests.finishLast() }
                let complete = state.digests.takeComplete()
                if verifies { try Self.check(digest, complete, from: before, to: end, size, &state, time: time) }
                state.newDigests += complete
            }
            return Position(received: state.received, durable: state.durable, epoch: state.epoch)
        }
    }

    /// Compares the client's digest with that of the slice just completed. If they differ, the slice is dropped.
    private static func check(
        _ digest: [UInt8]?, _ complete: [[UInt8]], from start: Int64, to end: Int64, _ size: Int64,
        _ state: inout State, time: Int64
    ) throws {
        if complete.isEmpty, digest == nil { return }
        let slice = (end - 1) / SliceDigests.slice * SliceDigests.slice
        if complete.count == 1, let digest, end == size || end % SliceDigests.slice == 0, digest == complete[0] {
            state.verified = end
            return
        }
        let first = min(slice, start / SliceDigests.slice * SliceDigests.slice)
        state.received = first
        if state.durable > first {
            // A client without digests sent the beginning of the slice.
            state.durable = first
            state.verified = first
            try state.store(durable: first, at: time)
        }
        state.digests = SliceDigests(at: first)
        state.hasWhole = false
        guard complete.count == 1, digest != nil else {
            throw UploadError(
                .invalid, "Each message may complete one slice of 1 MiB, and must have its digest.", offset: first)
        }
        throw UploadError(
            .corrupt, "The bytes from \(first) to \(end) were damaged in transit. Send them again.", offset: first)
    }

    /// Makes the received bytes durable.
    ///
    /// - Throws: ``UploadError/Code/staleEpoch``, ``UploadError/Code/noSpace``, ``UploadError/Code/disk``.
    @discardableResult
    package func sync() throws(UploadError) -> Position {
        let time = store.now()
        return try withLock { state in
            let target = verifies ? state.verified : state.received
            if target > state.durable {
                try state.part.sync()
                if !state.newDigests.isEmpty {
                    let digests = Array(state.newDigests.joined())
                    try state.slices.write(digests.span, at: state.firstNew * 32)
                    try state.slices.sync()
                    state.firstNew += Int64(state.newDigests.count)
                    state.newDigests = []
                }
                try state.store(durable: target, at: time)
                state.durable = target
            }
            return Position(received: state.received, durable: state.durable, epoch: state.epoch)
        }
    }

    // MARK: Resuming

    /// Compares digests of slices with the stored ones, to find out whether a client still has the same file.
    ///
    /// - Parameter probe: Digests by slice index. Slices that are not durable are skipped.
    /// - Throws: ``UploadError/Code/sourceChanged``; ``UploadError/Code/disk``.
    package func compare(_ probe: [Int64: [UInt8]]) throws(UploadError) {
        try withLock { state in
            for (index, digest) in probe where index >= 0 && (index + 1) * SliceDigests.slice <= state.durable {
                guard try state.slices.read(32, at: index * 32) == digest else {
                    throw UploadError(.sourceChanged, "The file has changed since the upload began. Start it again.")
                }
            }
        }
    }

    // MARK: Completing

    /// The digests of a complete file.
    package struct Digests: Hashable, Sendable {
        /// The SHA-256 hash of the file.
        package let sha256: [UInt8]
        /// The digest computed from the slices; see ``SliceDigests/root(size:_:)``.
        package let root: [UInt8]
    }

    /// Makes all bytes durable and returns the digests of the file.
    ///
    /// - Parameter root: The digest that the client expects, or nil.
    /// - Throws: ``UploadError/Code/gap`` if bytes are missing; ``UploadError/Code/digest``; the errors of ``sync()``.
    package func complete(root expected: [UInt8]? = nil) throws(UploadError) -> Digests {
        let size = record.size
        let position = try sync()
        guard position.durable == size else {
            throw UploadError(
                .gap, "Bytes are missing: the next ones must begin at \(position.received).", offset: position.received)
        }
        let digests = try withLock { state in
            let slices = try state.slices.read(Int(SliceDigests.count(of: size)) * 32, at: 0)
            if state.hasWhole {
                state.hasWhole = false
                return Digests(sha256: state.whole.finish(), root: SliceDigests.root(size: size, slices))
            }
            var hash = RunningSHA256()
            var offset: Int64 = 0
            while offset < size {
                let bytes = try state.part.read(Int(min(size - offset, 1 << 20)), at: offset)
                if bytes.isEmpty { throw UploadError.damaged }
                hash.update(bytes.span)
                offset += Int64(bytes.count)
            }
            return Digests(sha256: hash.finish(), root: SliceDigests.root(size: size, slices))
        }
        if let expected, expected != digests.root {
            throw UploadError(.digest, "The file that arrived differs from the one that was sent. Start it again.")
        }
        return digests
    }

    /// Reads received bytes, such as the first ones to detect the type.
    package func read(_ count: Int, at offset: Int64) throws(UploadError) -> [UInt8] {
        try withLock { state in
            try state.part.read(Int(max(0, min(Int64(count), state.received - offset))), at: offset)
        }
    }

    /// Moves the complete file to its final path. The move is durable when this method returns. If the process ends
    /// before that, ``UploadStore/finishMoves()`` completes the move.
    ///
    /// - Parameter target: The path, in a folder that exists on the store's disk. The path must not exist yet.
    package func move(to target: String) throws(UploadError) {
        let (store, id) = (store, record.id)
        try withLock { _ in
            let file = try store.disk.open(store.path(id, .target), creates: true)
            let path = Array(target.utf8)
            try file.write(path.span, at: 0)
            try file.sync()
            try store.disk.syncFolder(store.folder(id))
            try store.finishMove(id, to: target)
        }
    }
}

extension UploadStore {
    /// Moves the file of an upload, unless it has been moved already.
    func finishMove(_ id: String, to target: String) throws(UploadDiskError) {
        try renameIfThere(path(id, .part), to: target)
        let end = target.utf8.lastIndex(of: UInt8(ascii: "/")) ?? target.startIndex
        try disk.syncFolder(String(target[..<end]))
    }

    /// Completes the moves that were interrupted, and returns the paths of the files by upload identifier.
    package func finishMoves() throws(UploadError) -> [String: String] {
        do {
            var moved: [String: String] = [:]
            for id in try disk.names(in: root) where UploadRecord.isValid(id: id) {
                guard try disk.names(in: folder(id)).contains(Part.target.rawValue) else { continue }
                let file = try disk.open(path(id, .target), creates: false)
                let target = String(decoding: try file.read(Int(try file.size()), at: 0), as: UTF8.self)
                // The process ended before the path was durable, so the upload is unchanged.
                guard !target.isEmpty else { continue }
                try finishMove(id, to: target)
                moved[id] = target
            }
            return moved
        } catch { throw Self.translated(error) }
    }
}
