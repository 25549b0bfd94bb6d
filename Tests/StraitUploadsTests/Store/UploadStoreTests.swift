import Glibc
import StraitCore
import StraitCrypto
import StraitTesting
import TestFolders
import Testing

@testable import StraitUploads

@Suite struct `Upload stores` {
    private static let root = "/uploads"
    private static let kept = "/kept"

    /// Bytes that differ at each place and for each seed.
    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    static func record(_ size: Int) -> UploadRecord {
        UploadRecord(secret: "secret", owner: "7", name: "tea.jpg", size: Int64(size), createdAt: 1000)
    }

    static func store(_ disk: ModelDisk) -> UploadStore { UploadStore(root: root, disk: disk, now: { 1000 }) }

    private func withStore(_ body: (UploadStore, String) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let disk = SystemDisk()
            try disk.makeFolder(folder + "/uploads")
            try body(UploadStore(root: folder + "/uploads", now: { 1000 }), folder)
        }
    }

    // MARK: One upload

    @Test func `a file that arrives in pieces is complete, with its digests, at its place`() async throws {
        try await withStore { store, folder in
            let content = Self.bytes(2_500_000, seed: 1)
            let record = Self.record(content.count)
            try store.create(record)
            var upload = try store.attach(record.id)
            var offset = 0
            while offset < content.count {
                let piece = Array(content[offset..<min(offset + 300_000, content.count)])
                let position = try upload.append(piece.span, at: Int64(offset))
                offset += piece.count
                #expect(position.received == Int64(offset))
                // Another connection continues at the durable offset.
                if offset == 1_500_000 {
                    #expect(try upload.sync().durable == 1_500_000)
                    upload = try store.attach(record.id)
                    #expect(upload.position.received == 1_500_000)
                }
            }
            let digests = try upload.complete()
            #expect(digests.sha256 == SHA256.hash(content.span))
            #expect(digests.root == Self.root(of: content))
            try upload.move(to: folder + "/tea.jpg")
            let kept = try SystemDisk().open(folder + "/tea.jpg", creates: false)
            #expect(try kept.read(content.count + 1, at: 0) == content)
            try store.remove(record.id)
            #expect(try SystemDisk().names(in: store.root) == [])
        }
    }

    static func root(of content: [UInt8]) -> [UInt8] {
        var slices: [UInt8] = []
        for start in stride(from: 0, to: content.count, by: 1 << 20) {
            let slice = Array(content[start..<min(start + 1 << 20, content.count)])
            slices += SHA256.hash(slice.span)
        }
        return SliceDigests.root(size: Int64(content.count), slices)
    }

    @Test func `repeated bytes are skipped, and a gap names the offset to continue at`() async throws {
        try await withStore { store, _ in
            let content = Self.bytes(1000, seed: 2)
            let record = Self.record(1000)
            try store.create(record)
            let upload = try store.attach(record.id)
            let (first, all) = (Array(content[..<600]), content)
            try upload.append(first.span, at: 0)
            try upload.append(first.span, at: 0)
            let error = #expect(throws: UploadError.self) { try upload.append(first.span, at: 700) }
            #expect(error?.code == .tooLarge || error?.code == .gap)
            let piece = Array(content[700..<800])
            let gap = #expect(throws: UploadError.self) { try upload.append(piece.span, at: 700) }
            #expect(gap?.code == .gap && gap?.offset == 600 && gap?.retry == .attach)
            #expect(gap?.description == "Bytes are missing: the next ones must begin at 600.")
            try upload.append(all.span, at: 0)
            #expect(try upload.complete().sha256 == SHA256.hash(content.span))
        }
    }

    @Test func `more bytes than declared are rejected, at any offset`() async throws {
        try await withStore { store, _ in
            let record = Self.record(10)
            try store.create(record)
            let upload = try store.attach(record.id)
            let (eleven, one): ([UInt8], [UInt8]) = (Array(repeating: 1, count: 11), [1])
            for (bytes, offset) in [(eleven, 0), (one, 10), (one, -1), (one, Int64.max), (eleven, Int64.min)] {
                let error = #expect(throws: UploadError.self) { try upload.append(bytes.span, at: offset) }
                #expect(error?.code == .tooLarge && error?.limit == 10)
            }
            #expect(upload.position.received == 0)
        }
    }

    @Test func `only the newest connection can write, and an older one gets an error`() async throws {
        try await withStore { store, _ in
            let record = Self.record(100)
            try store.create(record)
            let (old, new) = (try store.attach(record.id), try store.attach(record.id))
            let piece: [UInt8] = Array(repeating: 1, count: 10)
            let error = #expect(throws: UploadError.self) { try old.append(piece.span, at: 0) }
            #expect(error?.code == .staleEpoch && error?.retry == .attach)
            #expect(throws: UploadError.self) { try old.sync() }
            try new.append(piece.span, at: 0)
            #expect(new.position.epoch > old.position.epoch)
        }
    }

    @Test func `an unknown, removed or invalid identifier has no upload`() async throws {
        try await withStore { store, _ in
            let record = Self.record(1)
            try store.create(record)
            try store.remove(record.id)
            for id in [record.id, UploadRecord.randomID(), "", "../../etc/passwd", "a/b", ".new-\(record.id)"] {
                let error = #expect(throws: UploadError.self) { try store.attach(id) }
                #expect(error?.code == .expired && error?.retry == .restart)
                try store.remove(id)
            }
        }
    }

    @Test func `an upload without new bytes is swept, with what interrupted calls left`() async throws {
        try await withStore { store, _ in
            let record = Self.record(1)
            try store.create(record)
            try SystemDisk().makeFolder(store.root + "/.new-\(UploadRecord.randomID())")
            #expect(try store.sweep(before: 1000) == [])
            #expect(try SystemDisk().names(in: store.root) == [record.id])
            #expect(try store.sweep(before: 1001) == [record.id])
            #expect(try SystemDisk().names(in: store.root) == [])
        }
    }

    // MARK: Digests

    @Test func `only a damaged slice is named and sent again`() async throws {
        try await withStore { store, _ in
            let slice = 1 << 20
            let content = Self.bytes(slice + 1000, seed: 3)
            let record = Self.record(content.count)
            try store.create(record)
            let upload = try store.attach(record.id, verifies: true)
            let (first, rest) = (Array(content[..<slice]), Array(content[slice...]))
            try upload.append(first.span, at: 0, digest: SHA256.hash(first.span))
            var damaged = rest
            damaged[500] ^= 1
            let error = #expect(throws: UploadError.self) {
                try upload.append(damaged.span, at: Int64(slice), digest: SHA256.hash(rest.span))
            }
            #expect(error?.code == .corrupt && error?.offset == Int64(slice))
            // Nothing of the damaged slice is durable.
            #expect(try upload.sync().durable == Int64(slice))
            try upload.append(rest.span, at: Int64(slice), digest: SHA256.hash(rest.span))
            #expect(try upload.complete(root: Self.root(of: content)).sha256 == SHA256.hash(content.span))
        }
    }

    @Test func `a slice without its digest is not accepted from a client that sends digests`() async throws {
        try await withStore { store, _ in
            let content = Self.bytes(100, seed: 4)
            let record = Self.record(100)
            try store.create(record)
            let upload = try store.attach(record.id, verifies: true)
            let error = #expect(throws: UploadError.self) { try upload.append(content.span, at: 0) }
            #expect(error?.code == .invalid)
            #expect(upload.position.received == 0)
        }
    }

    @Test func `a changed file is detected by the digests of its slices`() async throws {
        try await withStore { store, _ in
            let content = Self.bytes(2 << 20, seed: 5)
            let record = Self.record(content.count)
            try store.create(record)
            let upload = try store.attach(record.id)
            try upload.append(content.span, at: 0)
            try upload.sync()
            let (first, second) = (Array(content[..<(1 << 20)]), Array(content[(1 << 20)...]))
            try upload.compare([0: SHA256.hash(first.span), 1: SHA256.hash(second.span), 2: [], -1: []])
            let error = #expect(throws: UploadError.self) { try upload.compare([1: SHA256.hash(first.span)]) }
            #expect(error?.code == .sourceChanged && error?.retry == .restart)
        }
    }

    @Test func `a whole file with a wrong digest is rejected`() async throws {
        try await withStore { store, _ in
            let record = Self.record(3)
            try store.create(record)
            let upload = try store.attach(record.id)
            let content: [UInt8] = [1, 2, 3]
            try upload.append(content.span, at: 0)
            let error = #expect(throws: UploadError.self) { try upload.complete(root: Array(repeating: 0, count: 32)) }
            #expect(error?.code == .digest)
        }
    }

    // MARK: Power loss and errors

    /// Uploads a file in pieces until the power fails. Returns the bytes that were reported as durable, and whether the
    /// move returned.
    private func run(
        _ store: UploadStore, _ record: UploadRecord, _ content: [UInt8], _ random: inout SeededGenerator
    ) -> (durable: Int64, isCreated: Bool, isMoved: Bool) {
        var (durable, isCreated) = (Int64(0), false)
        do {
            if (try? store.record(record.id)) == nil { try store.create(record) }
            isCreated = true
            let upload = try store.attach(record.id)
            durable = upload.position.durable
            while upload.position.received < record.size {
                let start = Int(upload.position.received)
                let end = min(content.count, start + Int.random(in: 1...3000, using: &random))
                let piece = Array(content[start..<end])
                try upload.append(piece.span, at: Int64(start))
                if Int.random(in: 0..<3, using: &random) == 0 { durable = try upload.sync().durable }
            }
            _ = try upload.complete()
            durable = record.size
            try upload.move(to: Self.kept + "/file")
            return (durable, true, true)
        } catch {
            return (durable, isCreated, false)
        }
    }

    @Test func `after random power losses, no byte that was reported as durable is lost`() throws {
        for seed in Seeds(250) {
            var random = SeededGenerator(seed: seed)
            let disk = ModelDisk(folders: [Self.root, Self.kept])
            let store = Self.store(disk)
            let content = Self.bytes(Int.random(in: 0...20_000, using: &random), seed: seed)
            let record = Self.record(content.count)
            var isCreated = false
            // The power fails several times during one upload.
            for attempt in 0..<20 {
                if attempt < 19 { disk.losePower(at: Int.random(in: 0..<150, using: &random)) }
                let outcome = run(store, record, content, &random)
                isCreated = isCreated || outcome.isCreated
                disk.restart(&random)
                let moved = try store.finishMoves()
                if outcome.isMoved || moved[record.id] != nil {
                    #expect(disk.content(Self.kept + "/file") == content, "seed \(seed)")
                    break
                }
                #expect(disk.content(Self.kept + "/file") == nil, "seed \(seed)")
                guard isCreated else { continue }
                let upload = try store.attach(record.id)
                #expect(upload.position.durable >= outcome.durable, "seed \(seed), attempt \(attempt)")
                let stored = try upload.read(content.count, at: 0)
                #expect(stored == Array(content.prefix(stored.count)), "seed \(seed)")
            }
            #expect(disk.content(Self.kept + "/file") == content, "seed \(seed)")
            // Nothing else is left.
            try store.remove(record.id)
            _ = try store.sweep(before: 0)
            #expect(disk.paths == [Self.root, Self.kept, Self.kept + "/file"], "seed \(seed)")
        }
    }

    @Test(arguments: [(ENOSPC, UploadError.Code.noSpace), (EROFS, .disk), (EIO, .disk)])
    func `a disk error at any operation has its own code and leaves nothing behind`(
        code: Int32, expected: UploadError.Code
    ) throws {
        let content = Self.bytes(5000, seed: 6)
        for operation in 0... {
            let disk = ModelDisk(folders: [Self.root, Self.kept])
            let store = Self.store(disk)
            let record = Self.record(content.count)
            disk.fail(at: operation, with: code)
            var failure: UploadError?
            do throws(UploadError) {
                try store.create(record)
                let upload = try store.attach(record.id)
                try upload.append(content.span, at: 0)
                _ = try upload.complete()
                try upload.move(to: Self.kept + "/file")
                try store.remove(record.id)
            } catch { failure = error }
            if let failure { #expect(failure.code == expected, "operation \(operation)") }
            let wasReached = disk.operations > operation
            disk.heal()
            // The upload can then be completed or removed.
            _ = try store.finishMoves()
            try store.remove(record.id)
            _ = try store.sweep(before: 0)
            let left = disk.paths.subtracting([Self.root, Self.kept, Self.kept + "/file"])
            #expect(left == [], "operation \(operation)")
            if !wasReached { break }
            // The cleanup of an upload that could not begin ignores its own errors.
            #expect(failure != nil, "operation \(operation)")
        }
    }
}
