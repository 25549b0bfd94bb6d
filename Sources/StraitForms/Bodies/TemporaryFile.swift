internal import Glibc
package import StraitCore
internal import StraitCrypto

/// A file without a name. The kernel removes it when its last descriptor is closed, even if the process crashes.
///
/// It is created and written off the event loops, because the disk may be slow.
package final class TemporaryFile: Sendable {
    private let descriptor: Int32

    /// Creates a file in `folder`.
    ///
    /// - Throws: ``FormError`` if it cannot be created.
    @concurrent static func make(in folder: String?) async throws(FormError) -> TemporaryFile {
        try TemporaryFile(in: folder)
    }

    /// Creates a file in `folder` and unlinks its name at once.
    ///
    /// - Throws: ``FormError`` if it cannot be created.
    private init(in folder: String?) throws(FormError) {
        let folder = folder ?? Self.standardFolder
        let digits = randomBytes(16).hexadecimal
        let path = folder + "/strait-upload-" + digits
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .disk(
                """
                Cannot create a temporary file in \(folder): \(TransportError.text(of: errno)). Set \
                FILE_UPLOAD_TEMP_DIR, or FormLimits.temporaryFolder.
                """)
        }
        unsafe unlink(path)
    }

    deinit { close(descriptor) }

    private static let standardFolder: String = {
        guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
        let folder = unsafe String(cString: value)
        return folder.isEmpty ? "/tmp" : folder
    }()

    /// Appends `bytes`.
    @concurrent func append(_ bytes: Bytes) async throws(FormError) {
        try Self.write(bytes, to: descriptor)
    }

    /// Reads up to `count` bytes at `offset`; returns none at the end. Blocks on the disk.
    func read(at offset: Int, upTo count: Int) throws(FormError) -> Bytes {
        var buffer = ByteBuffer()
        var code: Int32 = 0
        unsafe buffer.append(upTo: count) { target in
            // SAFETY: at most the target's byte count is read, and only during the call.
            let count = unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 { code = errno }
            return max(0, count)
        }
        if code != 0 { throw .disk("A temporary file cannot be read: \(TransportError.text(of: code))") }
        return buffer.freeze()
    }

    /// Writes all of `bytes` at the current position of `descriptor`. Blocks on the disk.
    package static func write(_ bytes: Bytes, to descriptor: Int32) throws(FormError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.slice(written..<bytes.count)
            // SAFETY: the span's bytes are read only during the call.
            let count = unsafe rest.span.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .disk("A file cannot be written: \(TransportError.text(of: errno))")
            }
            written += count
        }
    }
}
