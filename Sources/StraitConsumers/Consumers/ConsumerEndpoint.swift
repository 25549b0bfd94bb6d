import StraitRouting

/// A route's endpoint that creates a consumer for each connection. Channels' `as_asgi()`.
package struct ConsumerEndpoint: WebSocketEndpoint {
    package let make: @Sendable () -> Consumer

    package init(_ make: @escaping @Sendable () -> Consumer) {
        self.make = make
    }

    package var name: String { String(describing: type(of: make())) }
}
