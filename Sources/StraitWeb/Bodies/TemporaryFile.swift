internal import Glibc
internal import StraitCrypto
internal import StraitNetwork

/// A file without a name: the kernel removes it as soon as nobody has it any more, however the process ends.
///
/// Whoever makes and fills one does it away from the event loops, as the disk may take its time.
final class TemporaryFile: Sendable {
    private let descriptor: Int32

    /// A file in `folder`.
    ///
    /// - Throws: ``FormError`` where the folder takes none.
    @concurrent static func make(in folder: String?) async throws(FormError) -> TemporaryFile {
        try TemporaryFile(in: folder)
    }

    /// Makes a file in `folder`, and takes its name away at once.
    ///
    /// - Throws: ``FormError`` where the folder takes none.
    private init(in folder: String?) throws(FormError) {
        let folder = folder ?? Self.standardFolder
        let digits = randomBytes(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let path = folder + "/strait-upload-" + digits
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .disk(
                "No temporary file can be made in \(folder): \(TransportError.text(of: errno)). Set temporaryFolder.")
        }
        unsafe unlink(path)
    }

    deinit { close(descriptor) }

    private static let standardFolder: String = {
        guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
        let folder = unsafe String(cString: value)
        return folder.isEmpty ? "/tmp" : folder
    }()

    /// Adds `bytes` at the end.
    @concurrent func append(_ bytes: Bytes) async throws(FormError) {
        try Self.write(bytes, to: descriptor)
    }

    /// Up to `count` bytes from `offset` on; empty at the end. Waits for the disk.
    func read(at offset: Int, upTo count: Int) throws(FormError) -> Bytes {
        var buffer = ByteBuffer()
        var code: Int32 = 0
        unsafe buffer.append(upTo: count) { target in
            // Sound: at most the target's bytes are read, during the call.
            let count = unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 { code = errno }
            return max(0, count)
        }
        if code != 0 { throw .disk("A temporary file cannot be read: \(TransportError.text(of: code))") }
        return buffer.freeze()
    }

    /// Writes all of `bytes` where `descriptor` is. Waits for the disk.
    static func write(_ bytes: Bytes, to descriptor: Int32) throws(FormError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.slice(written..<bytes.count)
            // Sound: the span's bytes are read during the call.
            let count = unsafe rest.span.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .disk("A file cannot be written: \(TransportError.text(of: errno))")
            }
            written += count
        }
    }
}
