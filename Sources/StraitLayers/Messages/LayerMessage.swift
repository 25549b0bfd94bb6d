internal import StraitNetwork

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
