/// What a connection still has to write, in order: shared bytes that are not copied, and a tail that small pieces are
/// encoded into side by side.
package struct WriteQueue: ~Copyable {
    /// Bytes from this size on are queued as they are; smaller ones are copied behind the tail, which is cheaper than a
    /// piece of their own in `writev`.
    package static let shareFrom = 2048
    /// A tail that grew past this becomes a piece, so that growing never copies more than that.
    static let tailLimit = 64 << 10

    private var pieces: [Bytes] = []
    private var head = 0
    private var pieceBytes = 0
    private(set) package var tail = ByteBuffer()

    package init() {}

    /// The bytes that are queued.
    package var count: Int { pieceBytes + tail.count }
    package var isEmpty: Bool { pieceBytes == 0 && tail.isEmpty }
    /// Whether everything lies in the tail, so that a single plain write will do.
    var isTailOnly: Bool { pieceBytes == 0 }

    /// Queues `bytes`, shared where they are many.
    package mutating func append(_ bytes: Bytes) {
        guard bytes.count >= Self.shareFrom else { tail.append(bytes); return }
        cutTail()
        pieces.append(bytes)
        pieceBytes += bytes.count
    }

    /// Lets `encode` append to the tail, which begins in `block` where it has no memory yet.
    @inline(__always)
    package mutating func encode(block: () -> ByteStorage, _ encode: (inout ByteBuffer) -> Void) {
        if tail.capacity == 0 { tail = ByteBuffer(reusing: block()) }
        encode(&tail)
        if tail.count > Self.tailLimit { cutTail() }
    }

    /// The tail in place.
    func withTail(_ body: (UnsafeRawBufferPointer) -> Int) -> Int {
        unsafe tail.span.withUnsafeBytes { unsafe body($0) }
    }

    private mutating func cutTail() {
        guard !tail.isEmpty else { return }
        let bytes = tail.take()
        pieces.append(bytes)
        pieceBytes += bytes.count
    }

    /// The pieces in order, the tail among them as a piece; at most `limit`.
    mutating func gather(limit: Int) -> ArraySlice<Bytes> {
        cutTail()
        return pieces[head..<min(pieces.count, head + limit)]
    }

    /// Forgets the first `written` bytes.
    mutating func consume(_ written: Int) {
        var left = written
        while left > 0, head < pieces.count {
            let piece = pieces[head]
            if left < piece.count {
                pieces[head] = piece.slice(left..<piece.count)
                pieceBytes -= left
                return
            }
            left -= piece.count
            pieceBytes -= piece.count
            pieces[head] = Bytes()
            head += 1
        }
        if head == pieces.count {
            pieces.removeAll(keepingCapacity: false)
            head = 0
        } else if head > 64, head > pieces.count / 2 {
            pieces.removeFirst(head)
            head = 0
        }
        if left > 0 { tail.consume(left) }
    }

    /// The tail's memory, for another connection to use; only where nothing is queued.
    mutating func releaseBlock() -> ByteStorage? {
        guard isEmpty, tail.capacity > 0 else { return nil }
        return tail.releaseStorage()
    }

    /// Drops everything and says how many bytes that were.
    package mutating func removeAll() -> Int {
        let dropped = count
        pieces = []
        head = 0
        pieceBytes = 0
        tail = ByteBuffer()
        return dropped
    }
}
