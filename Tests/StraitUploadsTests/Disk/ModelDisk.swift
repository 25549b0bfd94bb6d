import Glibc
import Synchronization

@testable import StraitUploads

/// A disk in memory that loses what is not durable, as a disk does when the power fails.
///
/// Writes since the last `sync()` of a file are kept, lost or torn, each independently. Names are changed in order, and
/// a power loss keeps some of the changes since the last `syncFolder(_:)`, from the oldest on.
final class ModelDisk: UploadDisk {
    private struct State {
        var names = Names()
        var durableNames = Names()
        /// The changes of names that are not durable, from the oldest on.
        var changes: [Change] = []
        var contents: [Int: Content] = [:]
        var operations = 0
        /// The number of the operation that fails, and its error.
        var failure: (operation: Int, code: Int32)?
        /// The number of the operation at which the power fails.
        var powerLoss: Int?
        var hasPower = true
    }

    struct Names: Equatable {
        var files: [String: Int] = [:]
        var folders: Set<String> = []
    }

    private struct Change {
        let folders: [String]
        let apply: @Sendable (inout Names) -> Void
    }

    private struct Content {
        var durable: [UInt8] = []
        var current: [UInt8] = []
        var writes: [(offset: Int, bytes: [UInt8])] = []
        var size: Int?
    }

    private let state: Mutex<State>

    init(folders: [String]) {
        var names = Names()
        names.folders = Set(folders)
        state = Mutex(State(names: names, durableNames: names))
    }

    /// The number of operations so far.
    var operations: Int { state.withLock { $0.operations } }
    /// The paths of all files and folders.
    var paths: Set<String> { state.withLock { Set($0.names.files.keys).union($0.names.folders) } }

    /// Makes one operation fail, counted from 0.
    func fail(at operation: Int, with code: Int32) {
        state.withLock { $0.failure = ($0.operations + operation, code) }
    }

    /// Makes further operations succeed.
    func heal() { state.withLock { $0.failure = nil } }

    /// Makes the power fail at an operation, counted from 0. All later operations fail too, until ``restart(_:)``.
    func losePower(at operation: Int) { state.withLock { $0.powerLoss = $0.operations + operation } }

    /// Restores the power. Of all that was not durable, a random part is left.
    func restart(_ random: inout some RandomNumberGenerator) {
        let numbers = (0..<64).map { _ in random.next() }
        state.withLock { state in
            var next = 0
            func pick(_ count: Int) -> Int {
                next += 1
                return Int(numbers[next % 64] &* UInt64(next | 1) >> 33) % count
            }
            let kept = pick(state.changes.count + 1)
            for change in state.changes.prefix(kept) { change.apply(&state.durableNames) }
            state.changes = []
            state.names = state.durableNames
            for key in state.contents.keys.sorted() {
                guard var content = state.contents[key] else { continue }
                for write in content.writes {
                    let kept = [0, write.bytes.count, min(write.bytes.count, pick(write.bytes.count / 512 + 1) * 512)]
                    Self.put(write.bytes.prefix(kept[pick(3)]), at: write.offset, in: &content.durable)
                }
                content.writes = []
                content.current = content.durable
                state.contents[key] = content
            }
            state.hasPower = true
            state.powerLoss = nil
        }
    }

    private static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, in target: inout [UInt8]) {
        if bytes.isEmpty { return }
        if target.count < offset { target += Array(repeating: 0, count: offset - target.count) }
        let overlap = min(bytes.count, target.count - offset)
        target.replaceSubrange(offset..<offset + overlap, with: bytes)
    }

    /// Counts an operation, and makes it fail if it has to.
    private func perform<Output: Sendable>(
        _ what: String, _ body: (inout State) throws(UploadDiskError) -> Output
    ) throws(UploadDiskError) -> Output {
        try state.withLock { state throws(UploadDiskError) in
            let number = state.operations
            state.operations += 1
            if let loss = state.powerLoss, number >= loss { state.hasPower = false }
            guard state.hasPower else { throw UploadDiskError(EIO, "\(what), without power") }
            if let failure = state.failure, failure.operation == number { throw UploadDiskError(failure.code, what) }
            return try body(&state)
        }
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func change(
        _ state: inout State, _ folders: [String], _ apply: @escaping @Sendable (inout Names) -> Void
    ) {
        apply(&state.names)
        state.changes.append(Change(folders: folders, apply: apply))
    }

    func open(_ path: String, creates: Bool) throws(UploadDiskError) -> any UploadFile {
        let key = try perform("open \(path)") { state throws(UploadDiskError) in
            if let key = state.names.files[path] {
                if creates { throw UploadDiskError(EEXIST, "open \(path)") }
                return key
            }
            guard creates, state.names.folders.contains(Self.folder(of: path)) else {
                throw UploadDiskError(ENOENT, "open \(path)")
            }
            let key = state.contents.count
            state.contents[key] = Content()
            Self.change(&state, [Self.folder(of: path)]) { $0.files[path] = key }
            return key
        }
        return File(disk: self, key: key)
    }

    func makeFolder(_ path: String) throws(UploadDiskError) {
        try perform("mkdir \(path)") { state throws(UploadDiskError) in
            if state.names.folders.contains(path) { throw UploadDiskError(EEXIST, "mkdir \(path)") }
            Self.change(&state, [Self.folder(of: path)]) { $0.folders.insert(path) }
        }
    }

    func rename(_ path: String, to target: String) throws(UploadDiskError) {
        try perform("rename \(path)") { state throws(UploadDiskError) in
            let (files, folders) = (state.names.files, state.names.folders)
            guard files[path] != nil || folders.contains(path) else { throw UploadDiskError(ENOENT, "rename \(path)") }
            if files[target] != nil || folders.contains(target) { throw UploadDiskError(EEXIST, "rename \(path)") }
            Self.change(&state, [Self.folder(of: path), Self.folder(of: target)]) { names in
                if let key = names.files.removeValue(forKey: path) { names.files[target] = key }
                if names.folders.remove(path) != nil { names.folders.insert(target) }
                for (name, key) in names.files where name.hasPrefix(path + "/") {
                    names.files[name] = nil
                    names.files[target + name.dropFirst(path.count)] = key
                }
            }
        }
    }

    func removeFile(_ path: String) throws(UploadDiskError) {
        try perform("unlink \(path)") { state throws(UploadDiskError) in
            guard state.names.files[path] != nil else { return }
            Self.change(&state, [Self.folder(of: path)]) { $0.files[path] = nil }
        }
    }

    func removeFolder(_ path: String) throws(UploadDiskError) {
        try perform("rmdir \(path)") { state throws(UploadDiskError) in
            if state.names.files.keys.contains(where: { $0.hasPrefix(path + "/") }) {
                throw UploadDiskError(ENOTEMPTY, "rmdir \(path)")
            }
            Self.change(&state, [Self.folder(of: path)]) { $0.folders.remove(path) }
        }
    }

    func names(in folder: String) throws(UploadDiskError) -> [String] {
        try perform("opendir \(folder)") { state throws(UploadDiskError) in
            let all = Array(state.names.files.keys) + Array(state.names.folders)
            return all.filter { Self.folder(of: $0) == folder }.map { String($0.dropFirst(folder.count + 1)) }
        }
    }

    func syncFolder(_ path: String) throws(UploadDiskError) {
        try perform("fsync \(path)") { state throws(UploadDiskError) in
            guard let last = state.changes.lastIndex(where: { $0.folders.contains(path) }) else { return }
            for change in state.changes[...last] { change.apply(&state.durableNames) }
            state.changes.removeSubrange(...last)
        }
    }

    /// The content of a file, or nil if there is none.
    func content(_ path: String) -> [UInt8]? {
        state.withLock { state in state.names.files[path].flatMap { state.contents[$0]?.current } }
    }

    private final class File: UploadFile {
        private let disk: ModelDisk
        private let key: Int

        init(disk: ModelDisk, key: Int) {
            self.disk = disk
            self.key = key
        }

        private func perform<Output: Sendable>(
            _ what: String, _ body: (inout Content) -> Output
        ) throws(UploadDiskError) -> Output {
            try disk.perform("\(what) \(key)") { state throws(UploadDiskError) in
                body(&state.contents[key, default: Content()])
            }
        }

        func write(_ bytes: Span<UInt8>, at offset: Int64) throws(UploadDiskError) {
            var copy: [UInt8] = []
            for index in bytes.indices { copy.append(bytes[index]) }
            let written = copy
            do {
                try perform("write") { content in
                    ModelDisk.put(written[...], at: Int(offset), in: &content.current)
                    content.writes.append((Int(offset), written))
                }
            } catch {
                // A write that fails because of the power may have begun.
                disk.state.withLock { state in
                    if !state.hasPower { state.contents[key]?.writes.append((Int(offset), written)) }
                }
                throw error
            }
        }

        func read(_ count: Int, at offset: Int64) throws(UploadDiskError) -> [UInt8] {
            try perform("read") { Array($0.current.dropFirst(Int(offset)).prefix(count)) }
        }

        func size() throws(UploadDiskError) -> Int64 { try perform("fstat") { Int64($0.current.count) } }

        func reserve(_ size: Int64) throws(UploadDiskError) { try perform("fallocate") { _ in } }

        func resize(to size: Int64) throws(UploadDiskError) {
            try perform("ftruncate") { content in
                content.current = Array(content.current.prefix(Int(size)))
                content.current += Array(repeating: 0, count: Int(size) - content.current.count)
                // A truncation is durable at once, which is the worst case.
                content.durable = Array(content.durable.prefix(Int(size)))
            }
        }

        func sync() throws(UploadDiskError) {
            try perform("fdatasync") { content in
                content.durable = content.current
                content.writes = []
            }
        }

        func lock() throws(UploadDiskError) { try perform("flock") { _ in } }
        func unlock() {}
    }
}
