internal import Glibc

/// A duplicate of a connection's descriptor, which is closed with this value.
final class SocketCopy: Sendable {
    let descriptor: Int32

    init?(_ descriptor: Int32?) {
        guard let descriptor else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
