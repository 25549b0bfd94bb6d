import FoundationEssentials
import StraitCore
import StraitJSON
import StraitLayers
import StraitTesting
import Testing

private struct Contact: Codable, Hashable, Sendable {
    var name: String
    var age: Int?
}
private struct Typed: Codable, Hashable, Sendable {
    var type: String
    var say: Int
}
private struct Inner: Codable, Hashable, Sendable {
    var event: Nested
    var list: [Nested]
}
private enum Nested: Codable, Hashable, Sendable {
    case say(text: String)
    case typing
}
private enum Colour: String, Codable { case red, blue }
private struct Pair<First: Codable & Hashable & Sendable>: Codable, Hashable, Sendable { var first: First }

private enum Event: Codable, Hashable, Sendable {
    case say(text: String)
    case typing
    case contact(Contact)
    case joined(String)
    case count(Int)
    case colour(Colour)
    case list([Int])
    case counts([String: Int])
    case at(Date)
    case seen(at: Date, by: String?)
    case nick(String?)
    case partner(Contact?)
    case inner(Inner)
    case nested(Nested)
    case generic(Pair<[Int]>)
    case big(UInt64, Int64)
    case flag(Bool)
    case renamed(x: Double)

    enum CodingKeys: String, CodingKey {
        case say, typing, contact, joined, count, colour, list, counts, at, seen, nick, partner, inner, nested, generic
        case big, flag
        case renamed = "chat.renamed"
    }
}

private enum Clash: Codable {
    case move(type: String)
    case typed(Typed)
}
private enum Envelope<Payload: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    case reply(to: Int, Payload)
    case wrap(Payload)
}

@Suite struct TaggedCoding {
    private let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }()
    private let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }()

    /// Returns the JSON that `JSONCoder` writes, and checks that Foundation's encoder writes the same with ``Tagged``.
    private func text(_ value: some Encodable) throws -> String {
        let text = Result { String(decoding: try encoder.encode(Tagged(value)), as: UTF8.self) }
        let ours = Result {
            String(decoding: try JSONCoder(enums: .tagged, sortsKeys: true).encode(value), as: UTF8.self)
        }
        #expect((try? text.get()) == (try? ours.get()))
        return try ours.get()
    }

    private func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try value(text)
    }

    private func value<Value: Decodable>(_ text: String) throws -> Value {
        let value = Result { try decoder.decode(Tagged<Value>.self, from: Data(text.utf8)).value }
        let ours = Result { try JSONCoder.messages.decode(Value.self, from: Bytes(text)) }
        switch (value, ours) {
        case (.success, .success): break
        case (.failure(let one), .failure(let other)):
            #expect((one as? UnknownMessageType) == (other as? UnknownMessageType))
        default: Issue.record("\(text): \(value) and \(ours)")
        }
        return try ours.get()
    }

    private static let date = Date(timeIntervalSince1970: 1_700_000_000)

    @Test(
        arguments: [
            (.say(text: "hi"), #"{"text":"hi","type":"say"}"#),
            (.say(text: "ü \"😀\" \u{0}/"), #"{"text":"ü \"😀\" \u0000/","type":"say"}"#),
            (.typing, #"{"type":"typing"}"#),
            (.contact(Contact(name: "Ann", age: 4)), #"{"age":4,"name":"Ann","type":"contact"}"#),
            (.contact(Contact(name: "Ann")), #"{"name":"Ann","type":"contact"}"#),
            (.joined("bob"), #"{"type":"joined","value":"bob"}"#),
            (.count(-3), #"{"type":"count","value":-3}"#),
            (.colour(.red), #"{"type":"colour","value":"red"}"#),
            (.list([1, 2]), #"{"type":"list","value":[1,2]}"#),
            (.counts(["type": 1]), #"{"type":"counts","value":{"type":1}}"#),
            (.at(date), #"{"type":"at","value":"2023-11-14T22:13:20Z"}"#),
            (.seen(at: date, by: nil), #"{"at":"2023-11-14T22:13:20Z","type":"seen"}"#),
            (.nick(nil), #"{"type":"nick"}"#),
            (.nick("n"), #"{"type":"nick","value":"n"}"#),
            (.partner(nil), #"{"type":"partner"}"#),
            (.partner(Contact(name: "B")), #"{"name":"B","type":"partner"}"#),
            (
                .inner(Inner(event: .typing, list: [.say(text: "a")])),
                #"{"event":{"typing":{}},"list":[{"say":{"text":"a"}}],"type":"inner"}"#
            ),
            (.nested(.say(text: "x")), #"{"say":{"text":"x"},"type":"nested"}"#),
            (.generic(Pair(first: [7])), #"{"first":[7],"type":"generic"}"#),
            (
                .big(.max, .min),
                #"{"_0":18446744073709551615,"_1":-9223372036854775808,"type":"big"}"#
            ),
            (.flag(true), #"{"type":"flag","value":true}"#),
            (.renamed(x: 1.5), #"{"type":"chat.renamed","x":1.5}"#),
        ] as [(Event, String)])
    private func `an enum case's name is encoded beside its labels, and decoded from there`(event: Event, json: String)
        throws
    {
        #expect(try text(event) == json)
        #expect(try value(Event.self, json) == event)
    }

    @Test func `types other than enums are coded as ordinary JSON`() throws {
        let typed = Typed(type: "say", say: 4)
        #expect(try text(typed) == #"{"say":4,"type":"say"}"#)
        #expect(try value(#"{"say":4,"type":"say"}"#) == typed)
        #expect(try text(["type": 1, "b": 2]) == #"{"b":2,"type":1}"#)
        #expect(try value(#"{"b":2,"type":1}"#) == ["type": 1, "b": 2])
        #expect(try value(#"{"type":"a"}"#) == ["type": "a"])
        #expect(try text([1, 2]) == "[1,2]")
        #expect(try value("[1,2]") == [1, 2])
        #expect(try value("[[1],[2]]") == [[1], [2]])
        #expect(try text("a") == #""a""#)
        #expect(try value(#""a""#) == "a")
        #expect(try value("18446744073709551615") == UInt64.max)
        #expect(try text(Self.date) == #""2023-11-14T22:13:20Z""#)
        #expect(try value(#""2023-11-14T22:13:20Z""#) == Self.date)
        #expect(try text(Colour.blue) == #""blue""#)
        #expect(try value(#""blue""#) == Colour.blue)
        let inner = Inner(event: .say(text: "a"), list: [])
        #expect(try value(try text(inner)) == inner)
    }

    @Test func `payloads can be generic`() throws {
        let wrapped = Envelope.wrap(Contact(name: "A"))
        #expect(try text(wrapped) == #"{"name":"A","type":"wrap"}"#)
        #expect(try value(#"{"name":"A","type":"wrap"}"#) == wrapped)
        let scalar = Envelope.wrap(5 as UInt8)
        #expect(try value(try text(scalar)) == scalar)
    }

    @Test func `a null payload counts as missing, and keys may be in any order`() throws {
        #expect(try value(Event.self, #"{"value":null,"type":"nick"}"#) == .nick(nil))
        #expect(try value(Event.self, #"{"value":null,"type":"partner"}"#) == .partner(nil))
        #expect(try value(Event.self, #"{"text":"a","more":[],"type":"say"}"#) == .say(text: "a"))
    }

    @Test func `a payload that has a type key itself cannot be encoded`() {
        for clash in [Clash.move(type: "a"), .typed(Typed(type: "a", say: 1))] {
            #expect(throws: EncodingError.self) { try text(clash) }
        }
    }

    @Test func `the error for an unknown type names it, and the known types if CodingKeys is CaseIterable`() {
        #expect(throws: UnknownMessageType(type: "nope")) { try value(Event.self, #"{"type":"nope"}"#) }
        #expect(throws: UnknownMessageType(type: nil)) { try value(Event.self, #"{"text":"a"}"#) }
        #expect(throws: UnknownMessageType(type: "nope", known: ["on", "light.off"])) {
            try value(Switch.self, #"{"type":"nope"}"#)
        }
    }

    @Test(arguments: [#"{"type":"nope","typing":{}}"#, #"{"type":"nope","joined":"a"}"#, #"{"nick":5,"type":"nope"}"#])
    func `an unknown type is an error even if another key has the name of a case`(json: String) {
        #expect(throws: UnknownMessageType(type: "nope")) { try value(Event.self, json) }
    }

    @Test func `a type that is not a string is a type mismatch`() {
        for json in [#"{"type":5}"#, #"{"type":{"a":1},"typing":{}}"#] {
            let error = #expect(throws: DecodingError.self) { try value(Event.self, json) }
            guard case .typeMismatch(_, let context)? = error else { return #expect(Bool(false), "\(json)") }
            #expect(context.codingPath.map(\.stringValue) == ["type"])
        }
    }

    @Test func `an enum case can be named type`() throws {
        #expect(try value(#"{"type":"type","value":4}"#) == Typing.type(4))
        #expect(try text(Typing.type(4)) == #"{"type":"type","value":4}"#)
        #expect(try value(#"{"type":"slow"}"#) == Typing.slow)
    }

    @Test func `an encoder's error for the type is rethrown`() {
        #expect(throws: NoTexts.Failure.self) { try Tagged(Event.typing).encode(to: NoTexts()) }
    }

    @Test func `a struct with a hand-written nested container is ordinary JSON, whatever the names of its keys`() throws
    {
        let house = House(street: "Lane", number: 4)
        let json = #"{"address":{"number":4,"street":"Lane"}}"#
        #expect(try text(house) == json)
        #expect(try value(json) == house)
        // A struct that wraps an enum is coded as the enum.
        let wrapper = Wrapper(event: .say(text: "a"))
        #expect(try text(wrapper) == #"{"text":"a","type":"say"}"#)
        #expect(try value(#"{"text":"a","type":"say"}"#) == wrapper)
    }
}

private enum Switch: Codable, Hashable {
    case on
    case off

    enum CodingKeys: String, CodingKey, CaseIterable {
        case on
        case off = "light.off"
    }
}

private enum Typing: Codable, Hashable {
    case type(Int)
    case slow
}

/// A struct that is coded as the value it holds.
private struct Wrapper: Codable, Hashable {
    var event: Nested

    init(event: Nested) { self.event = event }
    init(from decoder: any Decoder) throws { event = try Nested(from: decoder) }
    func encode(to encoder: any Encoder) throws { try event.encode(to: encoder) }
}

/// A struct with hand-written coding. Its key types have names that the compiler would generate for an enum's cases.
private struct House: Codable, Hashable {
    var street: String
    var number: Int

    enum CodingKeys: CodingKey { case address }
    enum AddressCodingKeys: CodingKey { case street, number }

    init(street: String, number: Int) {
        self.street = street
        self.number = number
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let address = try container.nestedContainer(keyedBy: AddressCodingKeys.self, forKey: .address)
        street = try address.decode(String.self, forKey: .street)
        number = try address.decode(Int.self, forKey: .number)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var address = container.nestedContainer(keyedBy: AddressCodingKeys.self, forKey: .address)
        try address.encode(street, forKey: .street)
        try address.encode(number, forKey: .number)
    }
}

/// An encoder that accepts objects but rejects all values in them.
private struct NoTexts: Encoder {
    struct Failure: Error {}

    struct Object<Key: CodingKey>: KeyedEncodingContainerProtocol {
        var codingPath: [any CodingKey] { [] }
        mutating func encodeNil(forKey key: Key) throws { throw Failure() }
        mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { throw Failure() }
        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> { KeyedEncodingContainer(Object<Nested>()) }
        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { fatalError() }
        mutating func superEncoder() -> any Encoder { NoTexts() }
        mutating func superEncoder(forKey key: Key) -> any Encoder { NoTexts() }
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Object<Key>())
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer { fatalError() }
    func singleValueContainer() -> any SingleValueEncodingContainer { fatalError() }
}
