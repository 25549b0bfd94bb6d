internal import Synchronization

/// Values that all copies of a request share. For example, middleware starts to read a form and the handler continues.
package final class RequestStorage: Sendable {
    private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

    /// Creates an empty storage.
    package init() {}

    /// Returns the stored value of a type, or stores and returns the result of `make`.
    package func value<Value: Sendable>(_ type: Value.Type = Value.self, _ make: () -> Value) -> Value {
        values.withLock { values in
            if let value = values[ObjectIdentifier(type)] as? Value { return value }
            let value = make()
            values[ObjectIdentifier(type)] = value
            return value
        }
    }
}
