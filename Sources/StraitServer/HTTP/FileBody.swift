internal import Glibc
import StraitNetwork

/// A file that is sent as a response's body: opened before the head is sent, read piece by piece away from the loop,
/// as a disk may take its time.
final class FileBody: Sendable {
    static let pieceSize = 64 << 10

    private let descriptor: Int32
    /// The file's size in bytes when it was opened.
    let count: Int

    /// Nil where there is no regular file at `path`, or it may not be read.
    init?(path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The bytes from `offset` on, ``pieceSize`` at most; empty at the file's end.
    @concurrent
    func read(at offset: Int) async throws -> Bytes {
        var buffer = ByteBuffer()
        var code: Int32 = 0
        unsafe buffer.append(upTo: Self.pieceSize) { target in
            let count = unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 { code = errno }
            return max(0, count)
        }
        if code != 0 { throw TransportError.system(operation: "Reading a file", code: code) }
        return buffer.freeze()
    }
}
