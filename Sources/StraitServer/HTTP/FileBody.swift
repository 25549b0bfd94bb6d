internal import Glibc
package import StraitNetwork

/// A file that is sent as a response's body: opened before the head is sent, opened and read away from the loop, as a
/// disk may take its time.
package final class FileBody: Sendable {
    static let pieceSize = 64 << 10
    static let transferSize = 1 << 20

    private let descriptor: Int32
    /// The file's size in bytes when it was opened: what is announced, and sent however much it grows meanwhile.
    package let count: Int
    /// When the file was changed last, in nanoseconds since 1970.
    package let changed: Int

    private init(descriptor: Int32, status: stat) {
        self.descriptor = descriptor
        count = Int(status.st_size)
        changed = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    deinit { close(descriptor) }

    /// The file at `path`; nil where there is none, or none that is a regular file.
    ///
    /// - Throws: The kernel's error where there may be a file that could not be opened.
    @concurrent
    package static func open(_ path: String) async throws(TransportError) -> FileBody? {
        // The kernel would open what stands before a NUL.
        if path.utf8.contains(0) { return nil }
        // Without blocking, or a pipe would be waited for until somebody writes to it.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            // ENXIO is a socket's; a name that is too long is no file's.
            if [ENOENT, ENOTDIR, ENAMETOOLONG, ENXIO].contains(code) { return nil }
            throw .system(operation: "Opening the file \(path)", code: code)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return FileBody(descriptor: descriptor, status: status)
    }

    /// The bytes from `offset` up to `end`, ``pieceSize`` at most; empty at the file's end.
    @concurrent
    package func read(at offset: Int, upTo end: Int) async throws(TransportError) -> Bytes {
        var buffer = ByteBuffer()
        var code: Int32 = 0
        unsafe buffer.append(upTo: max(0, min(Self.pieceSize, end - offset))) { target in
            let count = unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 { code = errno }
            return max(0, count)
        }
        if code != 0 { throw TransportError.system(operation: "Reading a file", code: code) }
        return buffer.freeze()
    }

    /// What came of an attempt to send without copying.
    package enum Transfer: Sendable, Equatable {
        /// So many bytes were sent, and more may follow at once.
        case sent(Int)
        /// So many bytes were sent, and the connection takes no more for now.
        case blocked(Int)
        /// The file has become shorter than it was.
        case ended(Int)
    }

    /// Has the kernel send bytes of `range` to `socket`, which does not block, without passing them through the process.
    ///
    /// - Throws: The kernel's error, of the file or the connection.
    @concurrent
    package func transfer(_ range: Range<Int>, to socket: Int32) async throws(TransportError) -> Transfer {
        var offset = off_t(range.lowerBound)
        var sent = 0
        // A piece at a time, so that one large file does not keep a thread from others.
        let most = min(range.count, Self.transferSize)
        while sent < most {
            let count = unsafe sendfile(socket, descriptor, &offset, most - sent)
            if count == 0 { return .ended(sent) }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                return .blocked(sent)
            } else if errno != EINTR {
                throw errno == EIO ? .system(operation: "Reading a file", code: errno) : .reset
            }
        }
        return .sent(sent)
    }
}
