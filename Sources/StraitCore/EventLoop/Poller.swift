internal import CLinux
internal import Glibc

/// The events of a descriptor that a loop watches for or that the kernel reports.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer will send no more.
    package static let readHangUp = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Both directions have ended. The kernel always reports this event and ``error``, even if they are not requested.
    package static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
    package static let error = Readiness(rawValue: EPOLLERR.rawValue)
    /// Wakes only one of several pollers that wait for the descriptor. Valid only for a new watch.
    package static let exclusive = Readiness(rawValue: 1 << 28)
    /// Reports each change once, whether the source handles it or not.
    static let edgeTriggered = Readiness(rawValue: 1 << 31)
}

/// An object with a descriptor that a loop watches. Loop-bound.
package protocol PollSource: AnyObject {
    /// Handles the events that the kernel reported.
    func isReady(_ readiness: Readiness)
}

/// A level-triggered epoll instance. A connection needs only one read and one write each turn, even if more bytes are
/// available.
///
/// An event carries the index of its source in a table and the generation of that entry. A descriptor may be closed and
/// its entry reused earlier in the same batch of events; its remaining events are then ignored.
final class Poller {
    private let descriptor: Int32
    private var entries: [Entry] = []
    private var free: [UInt32] = []
    private var events: [strait_event]

    private struct Entry {
        var source: (any PollSource)?
        var generation: UInt32
    }

    /// The maximum number of events per wait. The limit is small so that the memory of these connections stays in the
    /// nearest caches while they are read, handled and written.
    static let batch = 32

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "epoll_create1 failed: no descriptor is left for an event loop.")
        events = Array(repeating: strait_event(), count: Self.batch)
    }

    deinit { close(descriptor) }

    var sourceCount: Int { entries.count - free.count }

    /// Watches `descriptor` for `source`, and keeps `source` alive until ``remove(_:descriptor:)``. Returns nil if the
    /// kernel refuses, for example above `fs.epoll.max_user_watches`; `errno` has the reason.
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
        // This fails only for a descriptor that is already closed, which the kernel no longer watches.
        _ = control(EPOLL_CTL_DEL, target, place, [])
        release(place)
    }

    /// Forgets a source without a system call. Its descriptor must be closed right afterwards and have no duplicate.
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

    /// Waits up to `milliseconds` (-1: without limit) and returns the number of events.
    func wait(milliseconds: Int32) -> Int {
        let capacity = Int32(events.count)
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            unsafe strait_poll(descriptor, buffer.baseAddress, capacity, milliseconds)
        }
        return max(0, Int(count))
    }

    /// The source and readiness of the event at `index`, or nil if the source is gone.
    func event(_ index: Int) -> (any PollSource, Readiness)? {
        let event = events[index]
        let entry = entries[Int(event.token & 0xFFFF_FFFF)]
        guard let source = entry.source, entry.generation == UInt32(event.token >> 32) else { return nil }
        return (source, Readiness(rawValue: event.readiness))
    }
}

/// The source for the loop's wake-ups. The watch is edge-triggered: each write to the descriptor is one event, and the
/// counter need not be read. It would be full after 2^64 wake-ups.
final class WakeSource: PollSource {
    func isReady(_ readiness: Readiness) {}
}
