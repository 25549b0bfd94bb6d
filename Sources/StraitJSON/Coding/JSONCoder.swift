public import StraitNetwork

/// Reads and writes `Codable` values as JSON (RFC 8259).
///
/// ```swift
/// let bytes = try JSONCoder().encode(contact)          // {"name":"Ann","age":36}
/// let contact = try JSONCoder().decode(Contact.self, from: bytes)
/// ```
///
/// - Keys are written in the order in which a type encodes them; dictionary keys are sorted by their bytes. If an
///   object repeats a key, the last value counts.
/// - Numbers are read with all of their digits, up to those of `UInt128` and `Decimal`.
/// - A `Date` is an ISO 8601 string such as `2026-11-28T17:13:33Z`. It is written with as many decimals as are needed
///   to read the same date back, and read with any UTC offset. Dates outside the years 1 to 9999 are errors.
/// - `Data` and ``/StraitNetwork/Bytes`` are base64 strings, `URL` and `UUID` are strings, and `Decimal` is a number.
/// - NaN and infinity are errors.
public struct JSONCoder: Sendable {
    /// The form of an enum that is the whole document. Enums inside the document have Swift's own form.
    public enum EnumStyle: Sendable, Hashable {
        /// Swift's own form: `{"say":{"text":"hi"}}`.
        case keyed
        /// The case's name under `type`, with its labels beside it: `{"type":"say","text":"hi"}`. The members of an
        /// unlabelled object are beside `type` too. Any other unlabelled payload is under `value`.
        case tagged
    }

    /// The spelling of keys.
    public enum KeyStyle: Sendable, Hashable {
        /// As the coding keys are.
        case unchanged
        /// `full_name` for `fullName`, in both directions. Keys of dictionaries are data and stay as they are.
        ///
        /// `open_url` reads as `openUrl`. A case named `openURL` is found only if the enum's `CodingKeys` are
        /// `CaseIterable`.
        case snakeCase
    }

    public var enums: EnumStyle
    public var keys: KeyStyle
    /// Whether to sort the keys of all objects by their bytes, so that equal values have equal JSON.
    public var sortsKeys: Bool
    public var limits: JSONLimits
    /// Values for `init(from:)` and `encode(to:)`.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Creates a coder. By default enums have Swift's own form and keys are unchanged.
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

    /// The coder of messages whose keys are `full_name` in JSON for `fullName` in Swift.
    public static let snakeCaseMessages = JSONCoder(enums: .tagged, keys: .snakeCase)

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
    /// - Throws: ``JSONError`` if the bytes are not JSON or exceed a limit. `DecodingError` if the value has another
    ///   shape; its underlying error is a ``JSONError`` with the place. ``UnknownMessageType`` if no case has the
    ///   `type`. Any error that the type itself throws.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: Bytes) throws -> Value {
        try decode(type, from: bytes, isText: false)
    }

    /// Reads a value from bytes that may be known to be valid UTF-8.
    package func decode<Value: Decodable>(_ type: Value.Type, from bytes: Bytes, isText: Bool) throws -> Value {
        try JSONDocument(bytes, coder: self, isText: isText).decodeRoot(type)
    }
}
