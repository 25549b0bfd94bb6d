internal import Synchronization

/// What is found out about a request once, for all who have a copy of it: a form that middleware began to read is read
/// on by the handler.
package final class RequestStorage: Sendable {
    private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

    /// Nothing yet.
    package init() {}

    /// The one value of its type, which `make` makes where there is none yet.
    package func value<Value: Sendable>(_ type: Value.Type = Value.self, _ make: () -> Value) -> Value {
        values.withLock { values in
            if let value = values[ObjectIdentifier(type)] as? Value { return value }
            let value = make()
            values[ObjectIdentifier(type)] = value
            return value
        }
    }
}
