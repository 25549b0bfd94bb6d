/// Where output is queued: the bytes that go out at the end of the turn, whoever sends them on then. Loop-bound.
///
/// A final class of its own, so that sending a small message is a few direct calls: an exchange of HTTP/1.1 writes into
/// its stream's outlet, one of HTTP/2 into its own.
///
/// Small pieces are encoded side by side into the *tail*; shared bytes that are not worth a copy are queued as they are
/// in front of it. The tail's block is kept as plain fields rather than as a ``ByteBuffer``: a message that is
/// sent touches them once, and a buffer within a class would be checked for exclusive access each time.
@safe package final class Outlet {
    /// Bytes from this size on are queued as they are; smaller ones are copied behind the tail, which is cheaper than a
    /// piece of their own in `writev`.
    package static let shareFrom = 2048
    /// A tail that grew past this becomes a piece, so that growing never copies more than that.
    static let tailLimit = 64 << 10

    package let loop: EventLoop
    /// Who sends on. Sound: it owns this outlet, and sets itself before anything is written.
    private unowned(unsafe) var owner: (any Flushable)?

    // The tail: `start..<end` of `block`, whose memory is at `base`. Sound: the block has this one owner.
    private var block: ByteStorage?
    private var base: UnsafeMutableRawPointer
    private var capacity = 0
    private var start = 0
    private var end = 0

    /// Shared bytes that are all there is, or that everything else is behind: no array is made for them.
    private var front: Bytes?
    private var pieces: [Bytes] = []
    private var head = 0
    /// The bytes of `front` and `pieces`.
    private var pieceBytes = 0

    private var isOpen = true
    private var isScheduled = false

    package init(loop: EventLoop) {
        self.loop = loop
        unsafe base = ByteStorage.empty.base
    }

    /// To be called once, before anything is written.
    package func attach(_ owner: any Flushable) {
        unsafe self.owner = owner
    }

    /// The bytes that are queued and not taken by the kernel.
    package var count: Int { pieceBytes &+ end &- start }
    package var isEmpty: Bool { count == 0 }

    // MARK: Writing

    /// Queues the low `headerCount` bytes of `header`, the lowest first, and `payload` behind them.
    ///
    /// - Precondition: `headerCount` is at most 8.
    package func write(header: UInt64, headerCount: Int, _ payload: Bytes) {
        let count = payload.count
        guard isOpen, count < Self.shareFrom, capacity &- end >= 8 &+ count else {
            return writeSlowly(header, headerCount, payload)
        }
        // Sound: the room was checked. Eight bytes are stored whatever the count; what follows is written over the rest.
        unsafe base.storeBytes(of: header.littleEndian, toByteOffset: end, as: UInt64.self)
        unsafe (base + end + headerCount).copyMemory(from: payload.storage.base + payload.offset, byteCount: count)
        end &+= headerCount &+ count
        if !isScheduled { schedule() }
    }

    @inline(never)
    private func writeSlowly(_ header: UInt64, _ headerCount: Int, _ payload: Bytes) {
        if capacity == 0, isOpen, payload.count < Self.shareFrom {
            // The first of this turn: with a block, there is room.
            adopt(loop.takeBlock())
            return write(header: header, headerCount: headerCount, payload)
        }
        write { buffer in
            buffer.append(header, count: headerCount)
            if payload.count < Self.shareFrom { buffer.append(payload.span) }
        }
        if payload.count >= Self.shareFrom { write(payload) }
    }

    /// Queues `bytes`, shared where they are many.
    package func write(_ bytes: Bytes) {
        guard bytes.count >= Self.shareFrom else { return write { $0.append(bytes.span) } }
        guard isOpen else { return }
        cutTail()
        pieces.append(bytes)
        pieceBytes += bytes.count
        schedule()
    }

    /// Queues `bytes` that many sockets get: without a copy, however few they are, where nothing is in front of them.
    package func write(shared bytes: Bytes) {
        guard isEmpty, isOpen else { return write(bytes) }
        front = bytes
        pieceBytes = bytes.count
        schedule()
    }

    /// Lets `encode` append to what is queued. If it appends nothing, nothing is flushed: a writer that is woken by a flush
    /// would otherwise wake itself.
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

    // MARK: For who sends on

    /// Takes nothing more.
    func close() {
        isOpen = false
    }

    /// Whether a flush is due, or waits for the kernel anyway, so that none has to be scheduled.
    func setScheduled(_ scheduled: Bool) {
        isScheduled = scheduled
    }

    /// What `body` returns for all that is queued, where that lies in one stretch and a single plain write will do; else
    /// nil.
    func withWhole(_ body: (UnsafeRawBufferPointer) -> Int) -> Int? {
        if pieceBytes == 0 { return unsafe body(UnsafeRawBufferPointer(start: base + start, count: end - start)) }
        guard let front, front.count == count else { return nil }
        // Sound: `front` holds its block until after the call.
        defer { withExtendedLifetime(front) {} }
        return unsafe body(
            UnsafeRawBufferPointer(start: front.storage.base + front.offset, count: front.count))
    }

    /// The pieces in order, the tail among them as a piece; at most `limit`.
    func gather(limit: Int) -> ArraySlice<Bytes> {
        if let first = front.take() { pieces.insert(first, at: head) }
        cutTail()
        return pieces[head..<min(pieces.count, head + limit)]
    }

    /// Forgets the first `written` bytes.
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
        if head == 0 {
            // Nearly always: there was nothing but the tail.
        } else if head == pieces.count {
            pieces = []
            head = 0
        } else if head > 64, head > pieces.count / 2 {
            pieces.removeFirst(head)
            head = 0
        }
        start += left
        precondition(start <= end, "More was consumed than was queued.")
    }

    /// Gives the tail's memory back for another connection to use, where nothing is queued.
    func releaseBlock() {
        guard isEmpty, let block = block.take() else { return }
        loop.giveBack(block)
        dropTail()
    }

    /// Drops everything.
    func removeAll() {
        front = nil
        pieces = []
        head = 0
        pieceBytes = 0
        dropTail()
    }
}
