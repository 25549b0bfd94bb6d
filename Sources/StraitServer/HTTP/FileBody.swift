internal import Glibc
package import StraitCore
package import StraitHTTP
import StraitRouting

/// A file to send as a response's body. It is opened before the head is sent. Because disks can be slow, it is opened
/// and read outside of the loop.
package final class FileBody: Sendable {
    static let pieceSize = 64 << 10
    static let transferSize = 1 << 20

    private let descriptor: Int32
    /// The file's size in bytes when it was opened. The response announces and sends this many, even if the file grows.
    package let count: Int
    /// The time of the file's last change, in nanoseconds since 1970.
    package let changed: Int

    private init(descriptor: Int32, status: stat) {
        self.descriptor = descriptor
        count = Int(status.st_size)
        changed = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    deinit { close(descriptor) }

    /// Opens the file at `path`. Returns nil if there is none or it is not a regular file.
    ///
    /// - Throws: The kernel's error if the file may exist but could not be opened.
    @concurrent
    package static func open(_ path: String) async throws(TransportError) -> FileBody? {
        // The kernel would ignore the text after a NUL.
        if path.utf8.contains(0) { return nil }
        // A blocking open of a pipe would wait until another process writes to it.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            // ENXIO is reported for a socket. No file can have a name that is too long.
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

    /// Reads the bytes from `offset` to `end`, at most ``pieceSize``. The result is empty at the end of the file.
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

    /// The outcome of an attempt to send without copying.
    package enum Transfer: Sendable, Equatable {
        /// This many bytes were sent, and more can be sent at once.
        case sent(Int)
        /// This many bytes were sent, and the connection accepts no more for now.
        case blocked(Int)
        /// This many bytes were sent, and the file is now shorter than when it was opened.
        case ended(Int)
    }

    /// Makes the kernel send bytes of `range` to the non-blocking `socket` without copying them through the process.
    ///
    /// - Throws: The kernel's error for the file or the connection.
    @concurrent
    package func transfer(_ range: Range<Int>, to socket: Int32) async throws(TransportError) -> Transfer {
        var offset = off_t(range.lowerBound)
        var sent = 0
        // Sends at most 1 MiB, so that a large file does not keep the thread from other work.
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

/// The response to a request for a file (RFC 9110 §13 and §14). It has the whole file, a part, or no body if the client
/// already has the file.
package struct FileResponse {
    package let response: Response
    /// The range of the file to send, or nil if there is no body.
    package let range: Range<Int>?

    /// Applies the request's conditions and range to `response`.
    ///
    /// - Parameters:
    ///   - response: The response without conditions. If it has no `ETag` or `Last-Modified`, they are set from the
    ///     file's size and time.
    ///   - path: The file's path. If the response has no content type, the path's extension sets it.
    package init(
        _ response: Response, _ file: FileBody, at path: String, to method: HTTPMethod, _ fields: HTTPFields,
        services: Services
    ) {
        var response = response
        if response.headers["content-type"] == nil {
            let types = services.find(MediaTypes.self) ?? MediaTypes()
            response.headers["content-type"] = types.type(ofPath: path).rawValue
        }
        if response.status == .ok {
            if response.headers["etag"] == nil {
                response.headers["etag"] = EntityTag(size: file.count, changed: file.changed).description
            }
            if response.headers["last-modified"] == nil {
                let seconds = file.changed >= 0 ? file.changed / 1_000_000_000 : 0
                response.headers["last-modified"] = HTTPDate(secondsSinceEpoch: seconds).description
            }
        }
        let answer = ConditionalAnswer(response, size: file.count, to: method, fields)
        self.response = answer.response
        range = answer.range
    }
}

/// A duplicate of a connection's descriptor, which is closed with this value.
final class SocketCopy: Sendable {
    let descriptor: Int32

    init?(_ descriptor: Int32?) {
        guard let descriptor else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
