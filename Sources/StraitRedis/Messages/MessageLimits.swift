import StraitJSON

/// What a message may be at most, sent or received. Every limit is below 2³², past which msgpack has no lengths.
package struct MessageLimits: Sendable {
    /// Bytes of the whole message as msgpack or JSON.
    package var bytes = 16 << 20
    /// How many arrays and objects may lie within each other, the message itself among them.
    package var depth = 64
    /// How many values may be in it: each element, and each value of a key. A null is one byte as msgpack, and 40 in
    /// memory.
    package var values = 1 << 20

    package init() {}

    /// The limits of a message as JSON. The outermost object counts as a value in JSON, but not in the message.
    var json: JSONLimits {
        var json = JSONLimits()
        json.bytes = bytes
        json.depth = depth
        json.values = values + 1
        json.keys = values
        return json
    }
}
