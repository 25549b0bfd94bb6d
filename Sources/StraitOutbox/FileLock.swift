import Glibc
import StraitDatabase

/// An exclusive lock of a file. The kernel releases it when the process ends, however that happens.
struct FileLock {
    private let descriptor: Int32

    /// Takes the lock of the file at `path`, which is created if there is none. Returns nil if another process, or
    /// another lock of this one, has it.
    ///
    /// - Throws: ``DatabaseError/Code/connection`` if the file cannot be opened.
    init?(_ path: String) throws(DatabaseError) {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw DatabaseError(
                .connection,
                "The outbox cannot open its lock file \(path). Check that the server may write to the file and its "
                    + "folder.")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            close(opened)
            if isTaken { return nil }
            throw DatabaseError(
                .connection, "The file \(path) cannot be locked, as on some network drives. Use a local folder.")
        }
        descriptor = opened
    }

    /// Releases the lock.
    func release() { close(descriptor) }
}
