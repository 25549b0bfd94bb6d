internal import Synchronization

/// The state of a tagged message while it is decoded.
struct TaggedMessage {
    /// The message's `type`, after an enum has requested its case.
    var type: String?
    /// The error for a missing case, if an enum requested one. The enum itself cannot throw it.
    var failure: (any Error)?

    /// Whether the key type of a case with the key `_0` is for a single, unlabelled payload.
    ///
    /// Not inlined, because an inlined version would fetch type metadata for each key.
    @inline(never)
    static func hasOnePayload<Key: CodingKey>(_ type: Key.Type) -> Bool { Key(stringValue: "_1") == nil }
}

/// Cached properties of a type. Without the cache they are slow, because they need the type's name.
package struct TypeFacts: OptionSet, Sendable {
    package let rawValue: UInt

    package init(rawValue: UInt) { self.rawValue = rawValue }

    /// A key type with a fixed set of keys, such as an enum. A dictionary's keys are not fixed.
    package static let isClosed = TypeFacts(rawValue: 1)
    /// A key type for the labels of one case. The compiler names it after the case: `SayCodingKeys` for `say`
    /// (SE-0295). A type with a manual `Codable` implementation may also have one.
    package static let isCase = TypeFacts(rawValue: 2)
    /// A value type that is an enum.
    package static let isEnum = TypeFacts(rawValue: 4)

    private static let mask: UInt = 7

    /// Returns the facts of a key type.
    package static func of<Key: CodingKey>(key type: Key.Type) -> TypeFacts {
        known(type, in: keys) {
            var facts: TypeFacts = Key(stringValue: "\0") == nil ? .isClosed : []
            let name = String(describing: type)
            if name.hasSuffix("CodingKeys"), name.utf8.count > 10 { facts.insert(.isCase) }
            return facts
        }
    }

    /// Returns the facts of a value's type.
    package static func of<Value>(value: Value) -> TypeFacts {
        known(Swift.type(of: value), in: values) { Mirror(reflecting: value).displayStyle == .enum ? .isEnum : [] }
    }

    /// The caches for key types and value types. Each slot contains the address of a type's metadata, with the type's
    /// facts in the lowest three bits, which are unused. A colliding type replaces the entry. A concurrent write always
    /// stores a complete entry.
    private static let keys = Places()
    private static let values = Places()

    private static func known(_ type: Any.Type, in places: Places, _ find: () -> TypeFacts) -> TypeFacts {
        let address = UInt(bitPattern: ObjectIdentifier(type))
        let entry = places.load(address)
        if entry & ~mask == address { return TypeFacts(rawValue: entry & mask) }
        let facts = find()
        if address & mask == 0 { places.store(address | facts.rawValue, for: address) }
        return facts
    }

    private final class Places: Sendable {
        private let entries: [1024 of Atomic<UInt>] = InlineArray { _ in Atomic(0) }

        func load(_ address: UInt) -> UInt { entries[Self.place(of: address)].load(ordering: .relaxed) }

        func store(_ entry: UInt, for address: UInt) {
            entries[Self.place(of: address)].store(entry, ordering: .relaxed)
        }

        private static func place(of address: UInt) -> Int {
            Int(truncatingIfNeeded: ((address &>> 4) &* 0x9E37_79B9_7F4A_7C15) &>> 54)
        }
    }
}

/// The keys of a tagged message.
enum TagKey {
    static let type = "type"
    static let value = "value"
}

/// An error for a message whose `type` is missing or unknown.
public struct UnknownMessageType: Error, Hashable, Sendable {
    /// The message's type; nil if it has none.
    public let type: String?
    /// The known types; empty unless the coding keys are `CaseIterable`.
    public let known: [String]

    /// Creates an error.
    package init(type: String?, known: [String] = []) {
        self.type = type
        self.known = known
    }
}
