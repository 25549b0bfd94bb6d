/// A log entry, as a handler receives it.
public struct LogRecord: Sendable {
    /// The importance of the entry.
    public let level: LogLevel
    /// The message as logged. It may have several lines; ``text`` has one.
    public let message: String
    /// The metadata of the log and of the call. For a key in both, the value of the call is used.
    public let metadata: LogMetadata
    /// The module of the call, unless the call names another source.
    public let source: String
    /// The file of the call, as `Module/File.swift`.
    public let file: String
    /// The function of the call.
    public let function: String
    /// The line of the call in its file.
    public let line: UInt

    /// The record as one line without control characters: the message, followed by each key of the metadata as
    /// `key=value`.
    public var text: String { text(limit: .max) }

    /// Returns the record as one line. If it exceeds `limit` bytes, the message is cut off. If the metadata alone takes
    /// half of the limit, nothing is cut off.
    package func text(limit: Int) -> String {
        var text = LogText.line(message)
        var details = ""
        for (key, value) in metadata.entries { details += " \(LogText.key(key))=\(LogText.value(value.description))" }
        if text.utf8.count + details.utf8.count > limit, details.utf8.count < limit / 2 {
            text = LogText.prefix(text, limit - details.utf8.count - 3) + "..."
        }
        return text + details
    }
}

/// The metadata of a log entry: keys and values in the order in which they were added.
///
/// ```swift
/// log.info("order placed", metadata: ["order": "\(order.id)", "items": "\(order.items.count)"])
/// ```
///
/// It resembles swift-log's `Logger.Metadata`, but keeps the order.
public struct LogMetadata: Sendable, ExpressibleByDictionaryLiteral {
    /// The keys and values in order. Every key occurs once.
    public private(set) var entries: [(key: String, value: Value)] = []

    /// Creates empty metadata.
    public init() {}

    /// Creates metadata from a literal. If a key occurs twice, the last value is used.
    public init(dictionaryLiteral elements: (String, Value)...) {
        entries.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }

    /// Whether the metadata is empty.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value of `key`. Setting a new key adds it at the end; setting nil removes the key.
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

    /// Returns this metadata with that of `other` added. For a key in both, the value of `other` is used.
    public func merging(_ other: LogMetadata) -> LogMetadata {
        if isEmpty { return other }
        var merged = self
        for (key, value) in other.entries { merged[key] = value }
        return merged
    }

    /// Finds a key by linear search. For the few keys of an entry, that is faster than a dictionary.
    private func index(of key: String) -> Int? { entries.firstIndex { $0.key.hasSameBytes(as: key) } }
}

extension LogMetadata {
    /// A value in metadata, usually a string: `"\(count)"`.
    public enum Value: Sendable, ExpressibleByStringInterpolation, ExpressibleByDictionaryLiteral,
        ExpressibleByArrayLiteral, CustomStringConvertible
    {
        case string(String)
        /// A value whose description is evaluated only if the entry is written.
        case stringConvertible(any CustomStringConvertible & Sendable)
        case array([Value])
        case dictionary(LogMetadata)

        /// A string value.
        public init(stringLiteral value: String) { self = .string(value) }
        /// An array value.
        public init(arrayLiteral elements: Value...) { self = .array(elements) }
        /// A dictionary value, in the order of the literal.
        public init(dictionaryLiteral elements: (String, Value)...) {
            var metadata = LogMetadata()
            for (key, value) in elements { metadata[key] = value }
            self = .dictionary(metadata)
        }

        /// The value as text without quotation marks and escapes.
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
