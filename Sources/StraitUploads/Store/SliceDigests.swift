internal import StraitCrypto

/// The SHA-256 hashes of the 1 MiB slices of a file, and of the whole file.
///
/// A client hashes each slice with the browser's own function, which cannot hash in pieces, and sends the digest with
/// the slice. The server can then detect a damaged slice, and the client sends only that slice again. A client that
/// resumes an upload can prove that it has the same file without reading it again.
package struct SliceDigests: ~Copyable {
    /// The size of a slice in bytes. The last one of a file may be shorter.
    package static let slice: Int64 = 1 << 20

    private var current = RunningSHA256()
    /// The number of bytes that have been added, since the start of the file.
    private(set) var end: Int64
    /// The digests of the complete slices from ``firstIndex`` on.
    private(set) var complete: [[UInt8]] = []

    /// Begins at the start of a slice, with the bytes of that slice that were already received.
    init(at start: Int64, _ begun: [UInt8] = []) {
        end = start
        update(begun.span)
    }

    /// Adds bytes. The digests of slices that they complete are added to ``complete``.
    mutating func update(_ bytes: Span<UInt8>) {
        var place = 0
        while place < bytes.count {
            let room = Int(Self.slice - end % Self.slice)
            let next = min(bytes.count, place + room)
            current.update(bytes.extracting(place..<next))
            end += Int64(next - place)
            place = next
            if end % Self.slice == 0 { complete.append(current.finish()) }
        }
    }

    /// Completes the last slice of a file, which may be shorter.
    mutating func finishLast() {
        if end % Self.slice != 0 { complete.append(current.finish()) }
    }

    /// Removes and returns the digests of the complete slices.
    mutating func takeComplete() -> [[UInt8]] {
        defer { complete = [] }
        return complete
    }

    /// The number of slices in a file of a given size.
    package static func count(of size: Int64) -> Int64 { size / slice + (size % slice == 0 ? 0 : 1) }

    /// Returns the digest of a whole file, computed from the digests of its slices. It is the SHA-256 hash of the name
    /// of the format, the size as 64 bits in little-endian order, and the digests.
    package static func root(size: Int64, _ slices: [UInt8]) -> [UInt8] {
        var hash = RunningSHA256()
        let bits = UInt64(bitPattern: size)
        let start = Array("strait-sha256-1m\n".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        hash.update(start.span)
        hash.update(slices.span)
        return hash.finish()
    }
}
