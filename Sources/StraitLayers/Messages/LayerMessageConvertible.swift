/// A type with a custom conversion to and from messages, in addition to its `Codable` form.
package protocol LayerMessageConvertible {
    var layerMessage: LayerMessage { get }
    init(_ message: LayerMessage) throws
}
