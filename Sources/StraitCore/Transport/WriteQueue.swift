/// The queue of outgoing bytes of a connection or stream, which its owner sends at the end of the turn. Loop-bound.
///
/// It is a separate final class, so that sending a small message takes only a few direct calls. An HTTP/1.1 exchange
/// writes into the queue of its stream. An HTTP/2 exchange would have its own queue.
///
/// Small pieces are encoded one after another into the *tail*. Larger shared bytes are queued before it without a copy.
/// The tail's block is stored in plain properties, which a message uses once. A ``ByteBuffer`` in a class would be
/// checked for exclusive access at each use.
@safe package final class WriteQueue {
    /// The size in bytes from which bytes are queued without a copy. Smaller ones are copied into the tail, which is
    /// cheaper than a separate piece in `writev`.
    package static let shareFrom = 2048
    /// The size in bytes above which the tail becomes a piece, so that growing never copies more than this.
    static let tailLimit = 64 << 10

    package let loop: EventLoop
    /// The object that sends the queue.
    ///
    /// SAFETY: it owns this queue, and sets itself before anything is written.
    private unowned(unsafe) var owner: (any Flushable)?

    // The tail: `start..<end` of `block`, whose memory is at `base`. SAFETY: this queue is the block's only owner.
    private var block: ByteStorage?
    private var base: UnsafeMutableRawPointer
    private var capacity = 0
    private var start = 0
    private var end = 0

    /// Shared bytes at the start of the queue. Bytes that are queued alone need no array.
    private var front: Bytes?
    private var pieces = Ring<Bytes>()
    /// The number of bytes in `front` and `pieces`.
    private var pieceBytes = 0

    private var isOpen = true
    private var isScheduled = false

    package init(loop: EventLoop) {
        self.loop = loop
        unsafe base = ByteStorage.empty.base
    }

    /// Sets the owner. Call it once, before anything is written.
    package func attach(_ owner: any Flushable) {
        unsafe self.owner = owner
    }

    /// The number of queued bytes that the kernel has not accepted.
    package var count: Int { pieceBytes &+ end &- start }
    package var isEmpty: Bool { count == 0 }

    // MARK: Writing

    /// Queues the low `headerCount` bytes of `header`, lowest byte first, and then `payload`.
    ///
    /// - Precondition: `headerCount` is at most 8.
    package func write(header: UInt64, headerCount: Int, _ payload: Bytes) {
        let count = payload.count
        guard isOpen, count < Self.shareFrom, capacity &- end >= 8 &+ count else {
            return writeSlowly(header, headerCount, payload)
        }
        // SAFETY: the room was checked. Eight bytes are stored regardless of the count; the payload overwrites the
        // excess.
        unsafe base.storeBytes(of: header.littleEndian, toByteOffset: end, as: UInt64.self)
        unsafe (base + end + headerCount).copyMemory(from: payload.storage.base + payload.offset, byteCount: count)
        end &+= headerCount &+ count
        if !isScheduled { schedule() }
    }

    @inline(never)
    private func writeSlowly(_ header: UInt64, _ headerCount: Int, _ payload: Bytes) {
        if capacity == 0, isOpen, payload.count < Self.shareFrom {
            // This is the first write of the turn. A new block has enough room.
            adopt(loop.takeBlock())
            return write(header: header, headerCount: headerCount, payload)
        }
        write { buffer in
            buffer.append(header, count: headerCount)
            if payload.count < Self.shareFrom { buffer.append(payload.span) }
        }
        if payload.count >= Self.shareFrom { write(payload) }
    }

    /// Queues `bytes`. Long ones are shared, short ones are copied.
    package func write(_ bytes: Bytes) {
        guard bytes.count >= Self.shareFrom else { return write { $0.append(bytes.span) } }
        guard isOpen else { return }
        cutTail()
        pieces.append(bytes)
        pieceBytes += bytes.count
        schedule()
    }

    /// Queues `bytes` that are sent to many sockets. If the queue is empty, they are shared even if they are short.
    package func write(shared bytes: Bytes) {
        guard isEmpty, isOpen else { return write(bytes) }
        front = bytes
        pieceBytes = bytes.count
        schedule()
    }

    /// Calls `encode` to append to the queue. If it appends nothing, no flush is scheduled: a writer that each flush
    /// wakes could otherwise run forever.
    package func write(_ encode: (inout ByteBuffer) -> Void) {
        guard isOpen else { return }
        let before = end &- start
        var buffer = ByteBuffer(reusing: block ?? loop.takeBlock(), start: start, end: end)
        block = nil
        encode(&buffer)
        start = buffer.start
        end = buffer.end
        adopt(buffer.releaseStorage())
        if end &- start == before { return }
        if end - start > Self.tailLimit { cutTail() }
        schedule()
    }

    private func adopt(_ storage: consuming ByteStorage) {
        unsafe base = storage.base
        capacity = storage.capacity
        block = storage
    }

    private func cutTail() {
        guard end > start, let block else { return }
        pieces.append(Bytes(storage: block, offset: start, count: end - start))
        pieceBytes += end - start
        dropTail()
    }

    private func dropTail() {
        start = 0
        end = 0
        capacity = 0
        block = nil
    }

    private func schedule() {
        if isScheduled { return }
        isScheduled = true
        if let owner = unsafe owner { loop.flushLater(owner) }
    }

    // MARK: For the owner

    /// Ignores all further writes.
    func close() {
        isOpen = false
    }

    /// Sets whether a flush is already due or waits for the kernel, in which case none needs to be scheduled.
    func setScheduled(_ scheduled: Bool) {
        isScheduled = scheduled
    }

    /// Calls `body` with all queued bytes and returns its result. Returns nil, without calling it, if the bytes are not
    /// contiguous.
    func withWhole(_ body: (UnsafeRawBufferPointer) -> Int) -> Int? {
        if pieceBytes == 0 { return unsafe body(UnsafeRawBufferPointer(start: base + start, count: end - start)) }
        guard let front, front.count == count else { return nil }
        // SAFETY: `front` holds its block until after the call.
        defer { withExtendedLifetime(front) {} }
        return unsafe body(
            UnsafeRawBufferPointer(start: front.storage.base + front.offset, count: front.count))
    }

    /// Calls `body` with at most `limit` pieces in order, after making the tail a piece. The queue holds their blocks
    /// until the pieces are consumed.
    func forEachPiece(limit: Int, _ body: (Bytes) -> Void) {
        if let first = front.take() { pieces.prepend(first) }
        cutTail()
        for index in 0..<min(pieces.count, limit) { body(pieces[index]) }
    }

    /// Removes the first `written` bytes.
    func consume(_ written: Int) {
        var left = written
        if let first = front {
            front = left < first.count ? first.slice(left..<first.count) : nil
            let taken = min(left, first.count)
            left -= taken
            pieceBytes -= taken
            if left == 0 { return }
        }
        while left > 0, pieceBytes > 0 {
            let piece = pieces[0]
            if left < piece.count {
                pieces[0] = piece.slice(left..<piece.count)
                pieceBytes -= left
                return
            }
            left -= piece.count
            pieceBytes -= piece.count
            _ = pieces.removeFirst()
            // An idle connection keeps no buffer.
            if pieces.isEmpty { pieces.removeAll() }
        }
        start += left
        precondition(start <= end, "More was consumed than was queued.")
    }

    /// If the queue is empty, returns the tail's block to the loop, for reuse by other connections.
    func releaseBlock() {
        guard isEmpty, let block = block.take() else { return }
        loop.giveBack(block)
        dropTail()
    }

    /// Removes all queued bytes.
    func removeAll() {
        front = nil
        pieces.removeAll()
        pieceBytes = 0
        dropTail()
    }
}

/// Reusable blocks for small output of a loop's connections. Loop-bound.
final class OutputBlocks {
    /// The size of a block.
    static let size = 8 << 10
    /// The maximum number of unused blocks to keep: as many as one turn may need again.
    static let kept = 256

    private var unused = Ring<ByteStorage>()

    func take() -> ByteStorage {
        unused.popLast() ?? ByteStorage(capacity: Self.size)
    }

    func giveBack(_ block: consuming ByteStorage) {
        if block.capacity == Self.size, unused.count < Self.kept { unused.append(block) }
    }
}

/// A connection with output to write at the end of the turn. Loop-bound.
package protocol Flushable: AnyObject {
    func flush()
}
