public import StraitLayers

/// Any JSON value: object, array, string, number, Boolean or null. For messages whose shape is not known in advance.
///
/// ```swift
/// final class Relay: JSONConsumer<JSONValue, JSONValue> {
///     override func receive(_ message: JSONValue) async throws {
///         guard let name = message["name"]?.string else { return }
///         try send(["hello": .string(name)])
///     }
/// }
/// ```
///
/// The values in a ``/StraitLayers/LayerMessage`` have the same type, so that a JSON message can be forwarded to a
/// group unchanged.
public typealias JSONValue = LayerValue
