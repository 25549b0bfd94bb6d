import StraitConsumers
import StraitHTTP
package import StraitLayers
package import StraitRouting
package import StraitTesting
package import StraitWebSocket

extension Life {
    /// The group that the consumer joins and sends to.
    package static let room = Group<Message>("room")
    /// The presence that the consumer is tracked in.
    package static let people = Presence<String>("room")

    /// A router with the life's consumer at `/ws/` and a ``LifeObserver`` at `/observe/`, which write to one journal.
    package func application(_ journal: Journal) throws -> URLRouter {
        try URLRouter {
            path("ws/", LifeConsumer(self, journal))
            path("observe/", LifeObserver(of: name, journal))
        }
    }
}
