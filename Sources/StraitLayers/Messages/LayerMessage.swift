internal import StraitNetwork

/// What travels over a channel layer, or an object inside of it: keys and values in the order in which they were set, as in
/// a Python dictionary.
///
/// ```swift
/// try await layer.groupSend("chat", ["type": "chat.message", "text": "hi"])
/// ```
///
/// Two messages are equal where they hold the same, in whatever order.
public struct LayerMessage: Sendable {
    /// The keys and values, in order; each key once.
    public private(set) var elements: [(key: String, value: LayerValue)] = []

    /// An empty message.
    public init() {}

    /// The pairs in order; a later one with the same key replaces the value of the first.
    public init(_ pairs: some Sequence<(String, LayerValue)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// As ``init(_:)``, for pairs from elsewhere, which may be many: looking through the message for each key would take the
    /// square of their number.
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

    /// What kind of message this is: `chat.message`. It chooses the handler of a consumer.
    public var type: String? { self["type"]?.string }

    public var count: Int { elements.count }
    public var isEmpty: Bool { elements.isEmpty }

    /// The value of `key`; nil removes it.
    ///
    /// A message has a handful of keys, which are compared in order, as bytes.
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
    public static func == (left: LayerMessage, right: LayerMessage) -> Bool {
        left.count == right.count && left.elements.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // Without order, as equality is.
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
    public init(dictionaryLiteral elements: (String, LayerValue)...) { self.init(elements) }
}

extension LayerMessage: CustomStringConvertible {
    /// Its type and its keys, not what it says: messages may hold secrets, and this goes to logs.
    public var description: String {
        "\(type ?? "untyped") message with \(elements.map(\.key).joined(separator: ", "))"
    }
}
