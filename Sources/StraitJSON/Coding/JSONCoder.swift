public import StraitNetwork

/// Reads and writes `Codable` values as JSON (RFC 8259).
///
/// ```swift
/// let bytes = try JSONCoder().encode(contact)          // {"name":"Ann","age":36}
/// let contact = try JSONCoder().decode(Contact.self, from: bytes)
/// ```
///
/// - Keys are written in the order in which a type encodes them, those of dictionaries sorted by their bytes. Of a key
///   that is read several times, the last counts.
/// - Numbers are read with all of their digits, up to those of `UInt128` and `Decimal`.
/// - A `Date` is an ISO 8601 text such as `2026-11-28T17:13:33Z`, with as many decimals as it takes to read the same date
///   again; with any offset it is read. It lies in the years 1 to 9999.
/// - `Data` and ``/StraitNetwork/Bytes`` are base64, a `URL` and a `UUID` text, a `Decimal` a number.
/// - NaN and infinity are errors.
public struct JSONCoder: Sendable {
    /// The form of an enum that is the whole document. Within it, each has the language's own.
    public enum EnumStyle: Sendable, Hashable {
        /// The language's own: `{"say":{"text":"hi"}}`.
        case keyed
        /// The case under `type`, its labels beside it: `{"type":"say","text":"hi"}`. An unlabelled object lies beside
        /// `type` too; any other unlabelled payload is under `value`.
        case tagged
    }

    /// The spelling of keys.
    public enum KeyStyle: Sendable, Hashable {
        /// As the coding keys are.
        case unchanged
        /// `full_name` for `fullName`, in both directions. Keys of dictionaries are data and stay as they are.
        ///
        /// A case such as `openURL`, which is not what `open_url` reads as, is only found by its name if the enum's
        /// `CodingKeys` are `CaseIterable`.
        case snakeCase
    }

    public var enums: EnumStyle
    public var keys: KeyStyle
    /// Whether the keys of all objects are written sorted by their bytes, so that what says the same is the same.
    public var sortsKeys: Bool
    public var limits: JSONLimits
    /// Values for `init(from:)` and `encode(to:)`.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// A coder; the defaults are the language's own form of enums and unchanged keys.
    public init(
        enums: EnumStyle = .keyed, keys: KeyStyle = .unchanged, sortsKeys: Bool = false,
        limits: JSONLimits = JSONLimits(), userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) {
        self.enums = enums
        self.keys = keys
        self.sortsKeys = sortsKeys
        self.limits = limits
        self.userInfo = userInfo
    }

    /// The coder of messages on a socket, whose enums have their case under `type`.
    public static let messages = JSONCoder(enums: .tagged)

    /// Writes `value`.
    ///
    /// - Throws: `EncodingError`, and what `value` throws.
    public func encode<Value: Encodable>(_ value: Value) throws -> Bytes {
        let sink = JSONSink(self)
        try sink.encodeRoot(value)
        return try sink.take()
    }

    /// Reads a value.
    ///
    /// - Throws: ``JSONError`` for what is no JSON or over a limit, `DecodingError` for another shape, whose underlying
    ///   error is a ``JSONError`` with the place; ``UnknownMessageType`` for a `type` that no case has; and what the type
    ///   throws.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: Bytes) throws -> Value {
        try decode(type, from: bytes, isText: false)
    }

    /// Reads a value from bytes that may be known to be valid UTF-8.
    package func decode<Value: Decodable>(_ type: Value.Type, from bytes: Bytes, isText: Bool) throws -> Value {
        try JSONDocument(bytes, coder: self, isText: isText).decodeRoot(type)
    }
}
