import Glibc
import StraitTesting

/// The files of Unix sockets.
extension RawSocket {
    /// A unique path for a Unix socket.
    static func path(_ name: String) -> String { "/tmp/strait-test-\(getpid())-\(name).sock" }

    static func makeFile(_ path: String) { close(unsafe open(path, O_CREAT | O_WRONLY, 0o600)) }
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
    /// The permissions of a file.
    static func permissions(_ path: String) -> UInt16? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt16(status.st_mode & 0o777) : nil
    }
    static func remove(_ path: String) { unsafe unlink(path) }

    /// Leaves the file of a socket that is no longer open.
    static func leaveStale(_ path: String) {
        close(bound(unix: path))
    }

    /// A listening Unix socket that stands for another process's.
    static func listening(unix path: String, backlog: Int32) -> Int32 {
        let descriptor = bound(unix: path)
        _ = listen(descriptor, backlog)
        return descriptor
    }

    private static func bound(unix path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        unsafe withUnsafePointer(to: &address) { pointer in
            _ = unsafe bind(
                descriptor, UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_un>.size))
        }
        return descriptor
    }
}
