internal import Glibc
package import StraitNetwork

/// A file that is sent as a response's body: opened before the head is sent, opened and read away from the loop, as a
/// disk may take its time.
package final class FileBody: Sendable {
    static let pieceSize = 64 << 10

    private let descriptor: Int32
    /// The file's size in bytes when it was opened: what is announced, and sent however much it grows meanwhile.
    package let count: Int

    private init(descriptor: Int32, count: Int) {
        self.descriptor = descriptor
        self.count = count
    }

    deinit { close(descriptor) }

    /// The file at `path`; nil where there is none, or none that is a regular file.
    ///
    /// - Throws: The kernel's error where there may be a file that could not be opened.
    @concurrent
    package static func open(_ path: String) async throws(TransportError) -> FileBody? {
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
        return FileBody(descriptor: descriptor, count: Int(status.st_size))
    }

    /// The bytes from `offset` on, ``pieceSize`` and ``count`` at most; empty at the file's end.
    @concurrent
    package func read(at offset: Int) async throws(TransportError) -> Bytes {
        var buffer = ByteBuffer()
        var code: Int32 = 0
        unsafe buffer.append(upTo: max(0, min(Self.pieceSize, count - offset))) { target in
            let count = unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 { code = errno }
            return max(0, count)
        }
        if code != 0 { throw TransportError.system(operation: "Reading a file", code: code) }
        return buffer.freeze()
    }
}
