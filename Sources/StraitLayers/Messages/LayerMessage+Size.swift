extension LayerMessage {
    /// About how many bytes of memory the message takes, by which queues are bounded.
    package var cost: Int {
        elements.reduce(16) { $0 + 48 + $1.key.utf8.count + $1.value.cost }
    }
}

extension LayerValue {
    /// About how many bytes of memory the value takes beside its own place.
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
