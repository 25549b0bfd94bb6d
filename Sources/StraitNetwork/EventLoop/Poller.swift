internal import CLinux
internal import Glibc

/// What the kernel says of a descriptor, or what is asked of it.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer will send no more.
    package static let readHangUp = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Both directions are over. Reported whether asked for or not, as is ``error``.
    package static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
    package static let error = Readiness(rawValue: EPOLLERR.rawValue)
    /// Of several pollers that watch a descriptor, wake one that waits. Only for a new watch.
    package static let exclusive = Readiness(rawValue: 1 << 28)
}

/// Something with a descriptor that a loop watches. Loop-bound.
package protocol PollSource: AnyObject {
    /// The kernel reported `readiness`.
    func isReady(_ readiness: Readiness)
}

/// epoll, level-triggered: one read and one write a turn, with no need to read until nothing is left.
///
/// An event carries the place of its source in a table and the table entry's generation, so that an event for a
/// descriptor which was closed earlier in the same batch, and whose place was given away again, reaches nobody.
final class Poller {
    private let descriptor: Int32
    private var entries: [Entry] = []
    private var free: [UInt32] = []
    private var events: [strait_event]

    private struct Entry {
        var source: (any PollSource)?
        var generation: UInt32
    }

    /// How many events one wait brings at most: few enough that what their connections touch stays in the nearest caches
    /// while they are read, handled and written.
    static let batch = 32

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "epoll_create1 failed: no descriptor is left for an event loop.")
        events = Array(repeating: strait_event(), count: Self.batch)
    }

    deinit { close(descriptor) }

    var sourceCount: Int { entries.count - free.count }

    /// Watches `descriptor` on behalf of `source`, which is kept alive until ``remove(_:descriptor:)``. Nil if the kernel
    /// refuses, as it does past `fs.epoll.max_user_watches`; `errno` says why.
    func add(_ source: any PollSource, descriptor target: Int32, _ interest: Readiness) -> UInt32? {
        let place: UInt32
        if let reused = free.popLast() {
            place = reused
            entries[Int(place)].source = source
        } else {
            place = UInt32(entries.count)
            entries.append(Entry(source: source, generation: 0))
        }
        guard control(EPOLL_CTL_ADD, target, place, interest) else {
            release(place)
            return nil
        }
        return place
    }

    func change(_ place: UInt32, descriptor target: Int32, _ interest: Readiness) {
        let isChanged = control(EPOLL_CTL_MOD, target, place, interest)
        precondition(isChanged, "epoll_ctl could not change a descriptor that is watched (errno \(errno)).")
    }

    func remove(_ place: UInt32, descriptor target: Int32) {
        // It fails only for a descriptor that is closed already, which the kernel has forgotten.
        _ = control(EPOLL_CTL_DEL, target, place, [])
        release(place)
    }

    /// Forgets a source without a system call, for a descriptor that is closed right after and has no duplicate.
    func forget(_ place: UInt32) { release(place) }

    private func release(_ place: UInt32) {
        entries[Int(place)].source = nil
        entries[Int(place)].generation &+= 1
        free.append(place)
    }

    private func control(_ operation: Int32, _ target: Int32, _ place: UInt32, _ interest: Readiness) -> Bool {
        let token = UInt64(entries[Int(place)].generation) << 32 | UInt64(place)
        return strait_poll_control(descriptor, operation, target, interest.rawValue, token) == 0
    }

    /// Waits up to `milliseconds` (-1: for ever) and returns how many events there are.
    func wait(milliseconds: Int32) -> Int {
        let capacity = Int32(events.count)
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            unsafe strait_poll(descriptor, buffer.baseAddress, capacity, milliseconds)
        }
        return max(0, Int(count))
    }

    /// The source and readiness of the event at `index`, or nil where the source is gone.
    func event(_ index: Int) -> (any PollSource, Readiness)? {
        let event = events[index]
        let entry = entries[Int(event.token & 0xFFFF_FFFF)]
        guard let source = entry.source, entry.generation == UInt32(event.token >> 32) else { return nil }
        return (source, Readiness(rawValue: event.readiness))
    }
}
