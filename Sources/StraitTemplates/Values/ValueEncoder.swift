internal import StraitText

private import Foundation

extension TemplateValue {
    /// Converts an `Encodable` value. Structures become dictionaries in the order of their encoding, Swift dictionaries
    /// are sorted by key, and arrays become lists.
    ///
    /// A `Date` becomes a date and time, `Data` a base64 string, and a URL a string.
    ///
    /// - Throws: The error that the value's `encode(to:)` throws.
    public init(encoding value: some Encodable) throws {
        self = try ValueEncoder.value(of: value)
    }
}

/// The storage for one value during encoding.
private final class ValueBox {
    var value: TemplateValue?
    var list: [ValueBox]?
    var entries: [(key: String, box: ValueBox)]?

    var finished: TemplateValue {
        if let value { return value }
        if let list { return .list(list.map(\.finished)) }
        if let entries { return .dictionary(TemplateDictionary(entries.map { (key: $0.key, value: $0.box.finished) })) }
        return .dictionary([:])
    }

    func keyed() -> ValueBox {
        if entries == nil { entries = [] }
        return self
    }

    func add(_ key: String) -> ValueBox {
        let box = ValueBox()
        entries?.append((key, box))
        return box
    }

    func append() -> ValueBox {
        let box = ValueBox()
        list?.append(box)
        return box
    }
}

/// An encoder that produces a ``TemplateValue``.
private struct ValueEncoder: Encoder {
    let box: ValueBox
    var codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func value(of value: some Encodable) throws -> TemplateValue {
        let box = ValueBox()
        try put(value, into: box, [])
        return box.finished
    }

    /// Stores `value` in `box`. Types whose own encoding would lose information, such as dates and decimal numbers, are
    /// converted directly.
    static func put(_ value: some Encodable, into box: ValueBox, _ path: [any CodingKey]) throws {
        switch value {
        case let value as any TemplateConvertible: box.value = value.templateValue
        case let date as Date: box.value = .date(TemplateDate(date))
        case let url as URL: box.value = .string(url.absoluteString)
        case let identifier as UUID: box.value = .string(identifier.uuidString.lowercased())
        case let decimal as Decimal: box.value = TemplateDecimal(decimal).map { .decimal($0) } ?? .double(.nan)
        case let data as Data: box.value = .string(data.base64EncodedString())
        case let dictionary as any StringDictionary: try dictionary.put(into: box, path)
        default: try value.encode(to: ValueEncoder(box: box, codingPath: path))
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedValues<Key>(box: box.keyed(), codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if box.list == nil { box.list = [] }
        return ListedValues(box: box, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(box: box, codingPath: codingPath) }
}

/// A Swift dictionary with string keys, which is sorted because its order differs between processes.
private protocol StringDictionary {
    func put(into box: ValueBox, _ path: [any CodingKey]) throws
}

extension Dictionary: StringDictionary where Key == String, Value: Encodable {
    fileprivate func put(into box: ValueBox, _ path: [any CodingKey]) throws {
        let box = box.keyed()
        for (key, value) in sorted(by: { PythonText.isLess($0.key, $1.key) }) {
            try ValueEncoder.put(value, into: box.add(key), path + [TemplateKey(stringValue: key)])
        }
    }
}

private struct SingleValue: SingleValueEncodingContainer {
    let box: ValueBox
    let codingPath: [any CodingKey]

    mutating func encodeNil() { box.value = TemplateValue.none }
    mutating func encode(_ value: Bool) { box.value = .bool(value) }
    mutating func encode(_ value: String) { box.value = .string(value) }
    mutating func encode(_ value: Double) { box.value = .double(value) }
    mutating func encode(_ value: Float) { box.value = .double(Double(value.description) ?? Double(value)) }
    mutating func encode(_ value: Int) { box.value = .int(value) }
    mutating func encode(_ value: Int8) { box.value = .int(Int(value)) }
    mutating func encode(_ value: Int16) { box.value = .int(Int(value)) }
    mutating func encode(_ value: Int32) { box.value = .int(Int(value)) }
    mutating func encode(_ value: Int64) { box.value = .int(Int(value)) }
    mutating func encode(_ value: UInt) { box.value = .init(wide: value) }
    mutating func encode(_ value: UInt8) { box.value = .int(Int(value)) }
    mutating func encode(_ value: UInt16) { box.value = .int(Int(value)) }
    mutating func encode(_ value: UInt32) { box.value = .int(Int(value)) }
    mutating func encode(_ value: UInt64) { box.value = .init(wide: value) }
    mutating func encode(_ value: Int128) { box.value = .init(wide: value) }
    mutating func encode(_ value: UInt128) { box.value = .init(wide: value) }
    mutating func encode<T: Encodable>(_ value: T) throws { try ValueEncoder.put(value, into: box, codingPath) }
}

extension TemplateValue {
    /// Creates an ``int(_:)`` if the number fits in 64 bits, otherwise a ``decimal(_:)``.
    fileprivate init(wide number: some BinaryInteger) {
        self = Int(exactly: number).map { .int($0) } ?? .decimal(TemplateDecimal(number))
    }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let box: ValueBox
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) { box.add(key.stringValue).value = TemplateValue.none }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try ValueEncoder.put(value, into: box.add(key.stringValue), codingPath + [key])
    }
    /// These two methods are needed because the standard library's defaults throw an error.
    mutating func encode(_ value: Int128, forKey key: Key) { box.add(key.stringValue).value = .init(wide: value) }
    mutating func encode(_ value: UInt128, forKey key: Key) { box.add(key.stringValue).value = .init(wide: value) }
    /// Encodes nil as `None`, so that a template always finds the name. The standard library's overloads, one for each
    /// type, would omit it.
    mutating func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try present(value, key) }

    mutating func encodeIfPresent(_ value: Int128?, forKey key: Key) throws { try present(value, key) }
    mutating func encodeIfPresent(_ value: UInt128?, forKey key: Key) throws { try present(value, key) }

    private mutating func present(_ value: (some Encodable)?, _ key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
        -> KeyedEncodingContainer<Nested>
    {
        KeyedEncodingContainer(
            KeyedValues<Nested>(box: box.add(key.stringValue).keyed(), codingPath: codingPath + [key]))
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueEncoder(box: box.add(key.stringValue), codingPath: codingPath + [key]).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { ValueEncoder(box: box.add("super"), codingPath: codingPath) }
    mutating func superEncoder(forKey key: Key) -> any Encoder {
        ValueEncoder(box: box.add(key.stringValue), codingPath: codingPath + [key])
    }
}

private struct ListedValues: UnkeyedEncodingContainer {
    let box: ValueBox
    let codingPath: [any CodingKey]
    var count: Int { box.list?.count ?? 0 }

    mutating func encodeNil() { box.append().value = TemplateValue.none }
    mutating func encode<T: Encodable>(_ value: T) throws {
        try ValueEncoder.put(value, into: box.append(), codingPath)
    }
    mutating func encode(_ value: Int128) { box.append().value = .init(wide: value) }
    mutating func encode(_ value: UInt128) { box.append().value = .init(wide: value) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(KeyedValues<Nested>(box: box.append().keyed(), codingPath: codingPath))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ValueEncoder(box: box.append(), codingPath: codingPath).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { ValueEncoder(box: box.append(), codingPath: codingPath) }
}
