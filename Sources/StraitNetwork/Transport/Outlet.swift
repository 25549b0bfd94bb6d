/// Where output is queued: the bytes that go out at the end of the turn, whoever sends them on then. Loop-bound.
///
/// A final class of its own, so that sending a small message is a few direct calls: an exchange of HTTP/1.1 writes into
/// its stream's outlet, one of HTTP/2 into its own.
package final class Outlet {
    package let loop: EventLoop
    package var queue = WriteQueue()
    /// Nothing is queued any more where false.
    package var isOpen = true
    /// Whether ``Flushable/flush()`` is due, or waits for the kernel anyway.
    package var isScheduled = false
    /// Who sends on; it owns this outlet.
    private unowned let owner: any Flushable

    init(loop: EventLoop, owner: any Flushable) {
        self.loop = loop
        self.owner = owner
    }

    /// The bytes that are queued and not taken by the kernel.
    package var count: Int { queue.count }

    /// Queues `bytes`, shared where they are many.
    package func write(_ bytes: Bytes) {
        guard isOpen else { return }
        queue.append(bytes)
        schedule()
    }

    /// Lets `encode` append to what is queued.
    package func write(_ encode: (inout ByteBuffer) -> Void) {
        guard isOpen else { return }
        queue.encode(block: loop.takeBlock, encode)
        schedule()
    }

    /// Queues `header`, the low `headerCount` bytes of it first to last, and `payload` behind it.
    package func write(header: UInt64, headerCount: Int, _ payload: Bytes) {
        guard isOpen else { return }
        if payload.count >= WriteQueue.shareFrom {
            queue.encode(block: loop.takeBlock) { $0.append(header, count: headerCount) }
            queue.append(payload)
        } else {
            queue.encode(block: loop.takeBlock) { $0.append(header, count: headerCount, payload.span) }
        }
        schedule()
    }

    @inline(__always)
    private func schedule() {
        if isScheduled { return }
        isScheduled = true
        loop.flushLater(owner)
    }
}
