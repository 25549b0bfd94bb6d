import StraitJSON

/// The limits of a message, sent or received. All limits are below 2³², the maximum length in msgpack.
package struct MessageLimits: Sendable {
    /// The maximum size of the message as msgpack or JSON: 16 MiB.
    package var bytes = 16 << 20
    /// The maximum nesting of arrays and objects, including the message itself: 64.
    package var depth = 64
    /// The maximum number of values: array elements and values of keys. A null takes one byte in msgpack, but 40 in
    /// memory.
    package var values = 1 << 20

    package init() {}

    /// The limits for JSON. The outermost object counts as a value there, but not in the message.
    var json: JSONLimits {
        var json = JSONLimits()
        json.bytes = bytes
        json.depth = depth
        json.values = values + 1
        json.keys = values
        return json
    }
}
