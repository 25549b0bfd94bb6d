public import StraitCore
internal import StraitJSON

/// The format of values in a shared cache; the option `serializer` of Django's `RedisCache`.
public enum CacheSerializer: Sendable, Hashable {
    /// Python's pickle, Django's default. Strait reads only plain values and runs no code in them. In Django, anyone
    /// who can write to the cache can run code.
    case pickle
    /// JSON, as Django's `django.core.signing.JSONSerializer` writes it.
    case json

    /// Encodes a value. Integers become decimal digits, so that the cache can increment them.
    ///
    /// - Throws: ``CacheValueError`` if the format cannot represent the value.
    public func bytes(of value: CacheValue) throws(CacheValueError) -> Bytes {
        if case .int(let number) = value { return Bytes(String(number)) }
        switch self {
        case .pickle: return try PickleEncoder.bytes(of: value)
        // Django decodes it as Latin-1, so other characters are escaped.
        case .json: return try CacheJSON.bytes(of: value).asciiJSON
        }
    }

    /// Decodes a value.
    ///
    /// - Throws: ``CacheValueError`` if the bytes have another format or contain a type that ``CacheValue`` lacks.
    public func value(of bytes: Bytes) throws(CacheValueError) -> CacheValue {
        if let number = Self.integer(bytes) { return number }
        switch self {
        case .pickle: return try PickleDecoder.value(of: bytes)
        case .json: return try CacheJSON.value(of: bytes)
        }
    }

    private static func integer(_ bytes: Bytes) -> CacheValue? {
        guard (1...20).contains(bytes.count), let text = String(utf8: bytes),
            text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }), let number = Int(text)
        else { return nil }
        return .int(number)
    }
}
