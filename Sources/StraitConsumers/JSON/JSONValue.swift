public import StraitLayers

/// Any JSON value, for messages whose shape is not known when the program is written: objects, arrays, strings, numbers,
/// truths and null.
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
/// It is the type of the values in a ``/StraitLayers/LayerMessage``, so that such a message can be passed on to a group as
/// it is.
public typealias JSONValue = LayerValue
