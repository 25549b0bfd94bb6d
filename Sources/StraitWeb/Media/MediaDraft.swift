internal import Glibc
public import StraitCore
internal import StraitForms
internal import Synchronization

/// An uploaded file that is being written in pieces. It has a hidden name in its folder until ``keep()`` is called.
/// Without that, it is removed with the last reference to the draft.
///
/// ```swift
/// let draft = try await media.draft("uploads/\(UUID().uuidString)")
/// try await draft.append(bytes)
/// let name = try await draft.keep()
/// ```
public final class MediaDraft: Sendable {
    private let storage: MediaStorage
    /// The folder's name with a trailing slash; empty if there is none.
    private let prefix: String
    private let name: String
    private let hiddenName: String
    private let folder: Int32
    private let descriptor: Int32
    private let written = Atomic<Int>(0)

    /// The number of bytes appended so far.
    public var count: Int { written.load(ordering: .relaxed) }

    /// Creates the folders of `name` and a hidden file in the last one. Blocks on the disk.
    init(_ name: String, in storage: MediaStorage) throws(MediaError) {
        try MediaName.check(name)
        let parts = name.utf8.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
        self.storage = storage
        self.name = parts[parts.count - 1]
        prefix = parts.dropLast().map { $0 + "/" }.joined()
        hiddenName = ".strait-" + MediaName.digits(storage.random()) + MediaName.digits(storage.random())
        folder = try MediaDisk.folder(storage.root, parts.dropLast())
        descriptor = unsafe openat(folder, hiddenName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        if descriptor < 0 {
            let code = errno
            close(folder)
            throw MediaDisk.error("Cannot create a file in \(storage.root)/\(prefix)", code)
        }
    }

    deinit {
        unsafe unlinkat(folder, hiddenName, 0)
        close(descriptor)
        close(folder)
    }

    /// Appends `bytes`. It returns when the operating system has taken them, so a sender that waits is limited to the
    /// disk's speed.
    ///
    /// - Throws: ``MediaError/Code/disk``.
    @concurrent public func append(_ bytes: Bytes) async throws(MediaError) {
        do { try TemporaryFile.write(bytes, to: descriptor) } catch {
            throw MediaError(.disk, error.description)
        }
        written.wrappingAdd(bytes.count, ordering: .relaxed)
    }

    /// Removes the file, off the caller's event loop. It has no effect after ``keep()``.
    @concurrent public func discard() async { _ = unsafe unlinkat(folder, hiddenName, 0) }

    /// Gives the file its final name, or an alternative if that is taken. Call it once, after all bytes have been
    /// appended.
    ///
    /// - Returns: The name, with its folders.
    /// - Throws: ``MediaError/Code/disk``.
    @concurrent public func keep() async throws(MediaError) -> String {
        var candidate = name
        for _ in 0..<100 {
            if unsafe linkat(folder, hiddenName, folder, candidate, 0) == 0 { return prefix + candidate }
            let code = errno
            guard code == EEXIST else {
                throw MediaDisk.error("\(storage.root)/\(prefix)\(candidate) cannot be created", code)
            }
            candidate = MediaName.alternative(name, MediaName.digits(storage.random()))
        }
        throw MediaError(.disk, "No free name for \(prefix)\(name): a hundred were taken. Choose another name.")
    }
}

/// System calls for uploaded files. They block on the disk.
enum MediaDisk {
    static func error(_ what: String, _ code: Int32) -> MediaError {
        MediaError(.disk, "\(what): \(TransportError.text(of: code))")
    }

    /// Opens the folder `parts` beneath `root` and returns its descriptor. Missing folders are created; links are not
    /// followed.
    static func folder(_ root: String, _ parts: some Sequence<String>) throws(MediaError) -> Int32 {
        var path = root
        makeFolders(root)
        var folder = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder < 0 { throw error("MEDIA_ROOT \(root) cannot be used", errno) }
        for part in parts {
            path += "/" + part
            let isMade = unsafe mkdirat(folder, part, 0o777) == 0
            let problem = errno
            let inner = unsafe openat(folder, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            // The second call's error is more specific, unless the first call failed for a reason other than EEXIST.
            let code = isMade || problem == EEXIST ? errno : problem
            close(folder)
            if inner < 0 { throw error("The folder \(path) cannot be used", code) }
            folder = inner
        }
        return folder
    }

    /// Creates the folder `path` and its parents if they are missing.
    private static func makeFolders(_ path: String) {
        if FilePath.kind(of: path, followsLinks: true) != nil { return }
        if let slash = path.utf8.lastIndex(of: 0x2F), slash > path.startIndex { makeFolders(String(path[..<slash])) }
        _ = unsafe mkdir(path, 0o777)
    }

    static func size(of path: String) throws(MediaError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw error("\(path) cannot be examined", errno) }
        return Int(status.st_size)
    }

    static func read(_ path: String, _ name: String, upTo limit: Int) throws(MediaError) -> Bytes {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 { throw error("\(path) cannot be read", errno) }
        defer { close(descriptor) }
        let limit = max(0, min(limit, Int.max - 1))
        var buffer = ByteBuffer()
        while true {
            var code: Int32 = 0
            var count = 0
            unsafe buffer.append(upTo: min(64 << 10, limit - buffer.count + 1)) { target in
                // SAFETY: at most the target's byte count is read, and only during the call.
                count = unsafe Glibc.read(descriptor, target.baseAddress, target.count)
                code = errno
                return max(0, count)
            }
            if count < 0, code == EINTR { continue }
            if count < 0 { throw error("\(path) cannot be read", code) }
            if buffer.count > limit {
                throw MediaError(.tooLarge, "The file \(name.debugDescription) has more than \(limit) bytes.")
            }
            if count == 0 { return buffer.freeze() }
        }
    }

    static func remove(_ path: String) throws(MediaError) {
        if unsafe unlink(path) == 0 || errno == ENOENT { return }
        throw error("\(path) cannot be removed", errno)
    }
}
