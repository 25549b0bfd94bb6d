/// The keys and values behind the text of a log line, in the order in which they were given.
///
/// ```swift
/// log.info("order placed", metadata: ["order": "\(order.id)", "items": "\(order.items.count)"])
/// ```
///
/// As swift-log's `Logger.Metadata`, except for the order.
public struct LogMetadata: Sendable, ExpressibleByDictionaryLiteral {
    /// The keys and values, in order. Every key occurs once.
    public private(set) var entries: [(key: String, value: Value)] = []

    /// No keys.
    public init() {}

    public init(dictionaryLiteral elements: (String, Value)...) {
        entries.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }

    /// Whether there are no keys.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value of `key`. A new key is added at the end; nil removes the key.
    public subscript(key: String) -> Value? {
        get { index(of: key).map { entries[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// These keys and values, with those of `other`, which win.
    public func merging(_ other: LogMetadata) -> LogMetadata {
        if isEmpty { return other }
        var merged = self
        for (key, value) in other.entries { merged[key] = value }
        return merged
    }

    /// Lines have a handful of keys, which are found faster in order than in a table.
    private func index(of key: String) -> Int? { entries.firstIndex { $0.key.hasSameBytes(as: key) } }
}

extension LogMetadata {
    /// A value in metadata: mostly a string, `"\(count)"`.
    public enum Value: Sendable, ExpressibleByStringInterpolation, ExpressibleByDictionaryLiteral,
        ExpressibleByArrayLiteral, CustomStringConvertible
    {
        case string(String)
        /// A value whose description is made only if the line is written.
        case stringConvertible(any CustomStringConvertible & Sendable)
        case array([Value])
        case dictionary(LogMetadata)

        public init(stringLiteral value: String) { self = .string(value) }
        public init(arrayLiteral elements: Value...) { self = .array(elements) }
        public init(dictionaryLiteral elements: (String, Value)...) {
            var metadata = LogMetadata()
            for (key, value) in elements { metadata[key] = value }
            self = .dictionary(metadata)
        }

        /// The value as text, before quotation marks and escapes.
        public var description: String {
            switch self {
            case .string(let text): text
            case .stringConvertible(let value): value.description
            case .array(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
            case .dictionary(let metadata):
                "{" + metadata.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
            }
        }
    }
}
