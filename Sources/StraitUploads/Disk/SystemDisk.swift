internal import CLinux
internal import Glibc
internal import Synchronization

/// The file system of the operating system.
package struct SystemDisk: UploadDisk {
    package init() {}

    package func open(_ path: String, creates: Bool) throws(UploadDiskError) -> any UploadFile {
        let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (creates ? O_CREAT | O_EXCL : 0)
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        if descriptor < 0 { throw UploadDiskError(errno, "open \(path)") }
        return SystemFile(descriptor, path)
    }

    package func makeFolder(_ path: String) throws(UploadDiskError) {
        if unsafe mkdir(path, 0o700) != 0 { throw UploadDiskError(errno, "mkdir \(path)") }
    }

    package func rename(_ path: String, to target: String) throws(UploadDiskError) {
        if unsafe strait_rename_new(path, target) != 0 { throw UploadDiskError(errno, "rename \(path) to \(target)") }
    }

    package func removeFile(_ path: String) throws(UploadDiskError) {
        if unsafe unlink(path) != 0, errno != ENOENT { throw UploadDiskError(errno, "unlink \(path)") }
    }

    package func removeFolder(_ path: String) throws(UploadDiskError) {
        if unsafe rmdir(path) != 0, errno != ENOENT { throw UploadDiskError(errno, "rmdir \(path)") }
    }

    package func names(in folder: String) throws(UploadDiskError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw UploadDiskError(errno, "opendir \(folder)") }
        // SAFETY: the stream is used only until it is closed here, and an entry only until the next is read.
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func syncFolder(_ path: String) throws(UploadDiskError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        if descriptor < 0 { throw UploadDiskError(errno, "open \(path)") }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw UploadDiskError(errno, "fsync \(path)") }
    }
}

private final class SystemFile: UploadFile {
    private let descriptor: Int32
    private let path: String

    init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    private func check(_ result: Int32, _ operation: String) throws(UploadDiskError) {
        if result != 0 { throw UploadDiskError(errno, "\(operation) \(path)") }
    }

    func write(_ bytes: Span<UInt8>, at offset: Int64) throws(UploadDiskError) {
        // SAFETY: the span's bytes are valid during the call, and no more than its count are read.
        let code = unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count, let start = buffer.baseAddress {
                let count = unsafe pwrite(descriptor, start + done, buffer.count - done, Int(offset) + done)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                done += count
            }
            return 0
        }
        if code != 0 { throw UploadDiskError(code, "write \(path)") }
    }

    func read(_ count: Int, at offset: Int64) throws(UploadDiskError) -> [UInt8] {
        var code: Int32 = 0
        // SAFETY: each read writes at most the room that is left, and `done` bytes have been written at the end.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, done in
            while done < count, let start = buffer.baseAddress {
                let read = unsafe pread(descriptor, start + done, count - done, Int(offset) + done)
                if read < 0, errno == EINTR { continue }
                if read < 0 { code = errno }
                if read <= 0 { return }
                done += read
            }
        }
        if code != 0 { throw UploadDiskError(code, "read \(path)") }
        return bytes
    }

    func size() throws(UploadDiskError) -> Int64 {
        var status = stat()
        try check(unsafe fstat(descriptor, &status), "fstat")
        return Int64(status.st_size)
    }

    func reserve(_ size: Int64) throws(UploadDiskError) {
        guard size > 0 else { return }
        if strait_reserve(descriptor, size) == 0 { return }
        // Some file systems cannot reserve space. There, a write reports a full disk.
        if errno != EOPNOTSUPP { throw UploadDiskError(errno, "fallocate \(path)") }
    }

    func resize(to size: Int64) throws(UploadDiskError) { try check(ftruncate(descriptor, Int(size)), "ftruncate") }

    func sync() throws(UploadDiskError) { try check(fdatasync(descriptor), "fdatasync") }

    func lock() throws(UploadDiskError) {
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { throw UploadDiskError(errno, "flock \(path)") }
        }
    }

    func unlock() { flock(descriptor, LOCK_UN) }
}
