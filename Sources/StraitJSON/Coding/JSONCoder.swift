internal import FoundationEssentials
public import StraitCore

/// A coder for `Codable` values as JSON (RFC 8259).
///
/// ```swift
/// let bytes = try JSONCoder().encode(contact)          // {"name":"Ann","age":36}
/// let contact = try JSONCoder().decode(Contact.self, from: bytes)
/// ```
///
/// - Keys are written in the order in which a type encodes them. Dictionary keys are sorted by their bytes. If an
///   object repeats a key, the last value counts.
/// - Numbers keep all of their digits, up to those of `UInt128` and `Decimal`.
/// - A `Date` is an ISO 8601 string such as `2026-11-28T17:13:33Z`. It is written with enough decimals to read the same
///   date back, and read with any UTC offset. Dates outside the years 1 to 9999 are errors.
/// - `Data` and ``/StraitCore/Bytes`` are base64 strings, `URL` and `UUID` are strings, and `Decimal` is a number.
/// - NaN and infinity are errors.
public struct JSONCoder: Sendable {
    /// The form of an enum that is the whole document. Enums inside the document always have Swift's form.
    public enum EnumStyle: Sendable, Hashable {
        /// Swift's form: `{"say":{"text":"hi"}}`.
        case keyed
        /// The case's name under the key `type`, with its labels beside it: `{"type":"say","text":"hi"}`.
        ///
        /// If an unlabelled payload is an object, its keys are also beside `type`. Any other unlabelled payload is
        /// under `value`.
        case tagged
    }

    /// The spelling of keys.
    public enum KeyStyle: Sendable, Hashable {
        /// The coding keys as they are.
        case unchanged
        /// Snake case, `full_name` for `fullName`, in both directions. Keys of dictionaries are data and do not change.
        ///
        /// `open_url` is read as `openUrl`. A case named `openURL` is found only if the enum's `CodingKeys` are
        /// `CaseIterable`.
        case snakeCase
    }

    /// The form of an enum that is the whole document.
    public var enums: EnumStyle
    /// The spelling of keys.
    public var keys: KeyStyle
    /// Whether the keys of all objects are sorted by their bytes, so that equal values have equal JSON.
    public var sortsKeys: Bool
    /// The limits for documents.
    public var limits: JSONLimits
    /// The values that `init(from:)` and `encode(to:)` find in their coder's `userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Creates a coder. By default, enums have Swift's form and keys do not change.
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

    /// The coder for socket messages: the name of an enum's case is under `type`.
    public static let messages = JSONCoder(enums: .tagged)

    /// The coder for socket messages with keys in snake case: `full_name` in JSON for `fullName` in Swift.
    public static let snakeCaseMessages = JSONCoder(enums: .tagged, keys: .snakeCase)

    /// Writes `value` as JSON.
    ///
    /// - Throws: `EncodingError`, or any error that `value` throws.
    public func encode<Value: Encodable>(_ value: Value) throws -> Bytes {
        let sink = JSONSink(self)
        try sink.encodeRoot(value)
        return try sink.take()
    }

    /// Reads a value from JSON.
    ///
    /// - Throws: ``JSONError`` if the bytes are not JSON or exceed a limit. `DecodingError` if the JSON does not match
    ///   the type; its underlying error is a ``JSONError`` with the position. ``UnknownMessageType`` if `type` names no
    ///   case. Any error that the type throws.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: Bytes) throws -> Value {
        try decode(type, from: bytes, isText: false)
    }

    /// Reads a value from JSON text, with the same errors as ``decode(_:from:)-(_,Bytes)``.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from text: String) throws -> Value {
        try decode(type, from: Bytes(text.utf8), isText: true)
    }

    /// Reads a value. If `isText` is true, the bytes must be valid UTF-8 and are not checked.
    package func decode<Value: Decodable>(_ type: Value.Type, from bytes: Bytes, isText: Bool) throws -> Value {
        try JSONDocument(bytes, coder: self, isText: isText).decodeRoot(type)
    }
}

/// The limits for reading and writing a document. A document over a limit is an error, never a crash.
public struct JSONLimits: Sendable, Hashable {
    /// The maximum size of the document in bytes. Values above 1 GiB count as 1 GiB.
    public var bytes = 64 << 20
    /// The maximum nesting depth of arrays and objects. A recursive type uses stack for each level, so a higher limit
    /// needs a thread with a larger stack.
    public var depth = 512
    /// The maximum number of keys in all objects together. The default, 131,072, ensures that one message blocks its
    /// event loop only for milliseconds.
    public var keys = 1 << 17
    /// The maximum number of values in all arrays and objects together, including the outermost. The default, 262,144,
    /// serves the same purpose.
    public var values = 1 << 18
    /// The maximum length of a number in characters. The default is Python's.
    public var digits = 4300

    /// Creates the default limits.
    public init() {}

    /// The maximum size in bytes, limited so that a token can store all offsets.
    var largest: Int { min(bytes, 1 << 30) }
}

/// `Codable` conformance for coders without a byte type, such as JSON's: the bytes are a base64 string. Channel layers
/// carry bytes unchanged.
extension Bytes: Codable {
    /// Reads a base64 string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The text is not base64.")
        }
        self.init(data)
    }

    /// Writes a base64 string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(self).base64EncodedString())
    }
}
