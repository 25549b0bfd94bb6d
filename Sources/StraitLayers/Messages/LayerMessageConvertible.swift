/// A type that knows itself how it travels, beside its `Codable` form.
package protocol LayerMessageConvertible {
    var layerMessage: LayerMessage { get }
    init(_ message: LayerMessage) throws
}
