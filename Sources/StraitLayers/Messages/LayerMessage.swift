internal import StraitCore

/// A message of a channel layer, or an object within one: keys and values in insertion order, as in a Python
/// dictionary.
///
/// ```swift
/// try await layer.groupSend("chat", ["type": "chat.message", "text": "hi"])
/// ```
///
/// Two messages are equal if they have the same keys and values, in any order.
public struct LayerMessage: Sendable {
    /// The keys and values in order. Keys are unique.
    public private(set) var elements: [(key: String, value: LayerValue)] = []

    /// Creates an empty message.
    public init() {}

    /// Creates a message from pairs. If a key is repeated, it keeps its first position and gets its last value.
    public init(_ pairs: some Sequence<(String, LayerValue)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// Creates a message from untrusted input with many pairs, in linear time. ``init(_:)`` takes quadratic time,
    /// because it searches the message for each key.
    package init(many pairs: [(String, LayerValue)]) {
        self.init()
        var places: [ArraySlice<UInt8>: Int] = [:]
        for (key, value) in pairs {
            let bytes = ArraySlice(key.utf8)
            if let place = places[bytes] {
                elements[place].value = value
            } else {
                places[bytes] = elements.count
                elements.append((key, value))
            }
        }
    }

    /// The message's type, such as `chat.message`; nil if it has none. It selects the consumer's handler.
    public var type: String? { self["type"]?.string }

    /// The number of keys.
    public var count: Int { elements.count }
    /// Whether the message has no keys.
    public var isEmpty: Bool { elements.isEmpty }

    /// The value of `key`. Setting nil removes the key.
    ///
    /// Keys are compared as bytes, one after the other, because a message has few keys.
    public subscript(key: String) -> LayerValue? {
        get { elements.first { $0.key.hasSameBytes(as: key) }?.value }
        set {
            let index = elements.firstIndex { $0.key.hasSameBytes(as: key) }
            switch (index, newValue) {
            case (let index?, let value?): elements[index].value = value
            case (nil, let value?): elements.append((key, value))
            case (let index?, nil): elements.remove(at: index)
            case (nil, nil): break
            }
        }
    }
}

extension LayerMessage: Hashable {
    /// Whether both have the same keys and values, in any order.
    public static func == (left: LayerMessage, right: LayerMessage) -> Bool {
        left.count == right.count && left.elements.allSatisfy { right[$0.key] == $0.value }
    }

    /// Hashes the keys and values independently of their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in elements {
            var element = Hasher()
            for byte in key.utf8 { element.combine(byte) }
            element.combine(value)
            sum &+= element.finalize()
        }
        hasher.combine(sum)
    }
}

extension LayerMessage: ExpressibleByDictionaryLiteral {
    /// Creates a message from a dictionary literal. If a key is repeated, it keeps its first position and gets its last
    /// value.
    public init(dictionaryLiteral elements: (String, LayerValue)...) { self.init(elements) }
}

extension LayerMessage: CustomStringConvertible {
    /// The type and keys of the message, without its values: they may be secret, and descriptions are logged.
    public var description: String {
        "\(type ?? "untyped") message with \(elements.map(\.key).joined(separator: ", "))"
    }
}

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

/// A type with a custom conversion to and from messages, in addition to its `Codable` form.
package protocol LayerMessageConvertible {
    var layerMessage: LayerMessage { get }
    init(_ message: LayerMessage) throws
}

/// A message type that defines its own type name. In Swift it is a struct; for Channels it is a dictionary whose `type`
/// names the handler.
///
/// ```swift
/// struct ChatMessage: ChannelMessage {
///     static let type = "chat.message"
///     var text: String
/// }
/// // {"type": "chat.message", "text": "hi"}
/// ```
///
/// Enums do not need this conformance: the case name is the type.
public protocol ChannelMessage: Codable, Sendable {
    /// The value of the dictionary's `type`, such as `chat.message`. It must not be empty or begin with a period or an
    /// underscore.
    static var type: String { get }
}
