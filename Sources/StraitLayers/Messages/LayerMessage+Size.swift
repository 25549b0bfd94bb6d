extension LayerMessage {
    /// The approximate number of bytes that the message takes in memory, which counts towards queue limits.
    package var cost: Int {
        elements.reduce(16) { $0 + 48 + $1.key.utf8.count + $1.value.cost }
    }
}

extension LayerValue {
    /// The approximate number of bytes that the value takes in addition to its inline storage.
    var cost: Int {
        switch self {
        case .null, .bool, .int, .unsigned, .double: 0
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .array(let values): values.reduce(32) { $0 + 32 + $1.cost }
        case .object(let object): object.cost
        }
    }
}
