package import StraitCore
internal import StraitJSON

/// Cached values as JSON, in Python's dialect with `NaN` and `Infinity`. Integers keep all of their digits.
package enum CacheJSON {
    /// Decodes a value from JSON.
    ///
    /// - Throws: ``CacheValueError`` if the bytes are not JSON.
    package static func value(of json: Bytes) throws(CacheValueError) -> CacheValue {
        do {
            let document = try JSONDocument(json, dialect: .python)
            return value(at: 0, document)
        } catch {
            throw CacheValueError("A value in the cache is not JSON: \(error) Use the same serializer on both sides.")
        }
    }

    private static func value(at index: Int, _ document: JSONDocument) -> CacheValue {
        let token = document.tokens[index]
        switch token.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .string: return .string(document.string(token))
        case .number:
            let text = String(decoding: document.json(at: index), as: UTF8.self)
            if let number = Int(text) { return .int(number) }
            if text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }) { return .largeInt(text) }
            switch text {
            case "NaN": return .double(.nan)
            case "Infinity": return .double(.infinity)
            case "-Infinity": return .double(-.infinity)
            default: return .double(Double(text) ?? .nan)
            }
        case .array:
            var elements: [CacheValue] = []
            var element = index + 1
            for _ in 0..<token.count {
                elements.append(value(at: element, document))
                element = Int(document.tokens[element].next)
            }
            return .list(elements)
        case .object:
            var pairs: [CacheValue.Pair] = []
            document.forEachMember(of: index, isUnique: false) { (key, member) throws(Never) in
                pairs.append(CacheValue.Pair(.string(document.string(key)), value(at: member, document)))
            }
            return .dictionary(pairs)
        }
    }

    /// Returns a value as JSON. Tuples become lists, and keys become text, as with Python's `json`.
    ///
    /// - Throws: ``CacheValueError`` for bytes, and for a key that is a container.
    package static func bytes(of value: CacheValue) throws(CacheValueError) -> Bytes {
        var output = ByteBuffer(capacity: 256)
        try append(value, to: &output)
        return output.freeze()
    }

    private static func append(_ value: CacheValue, to output: inout ByteBuffer) throws(CacheValueError) {
        switch value {
        case .string(let text): output.append(json: text)
        case .null, .bool, .int, .largeInt, .double: output.append(try name(of: value))
        case .bytes: throw .noJSON("bytes")
        case .list(let elements), .tuple(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                try append(element, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .dictionary(let pairs):
            output.append(UInt8(ascii: "{"))
            for (index, pair) in pairs.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.append(json: try name(of: pair.key))
                output.append(UInt8(ascii: ":"))
                try append(pair.value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Returns the text of a value that is not a container, without quotes.
    private static func name(of value: CacheValue) throws(CacheValueError) -> String {
        switch value {
        case .null: return "null"
        case .bool(let truth): return truth ? "true" : "false"
        case .int(let number): return String(number)
        case .largeInt(let digits): return digits
        case .double(let number):
            if number.isNaN { return "NaN" }
            if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
            return String(number)
        case .string(let text): return text
        case .bytes: throw .noJSON("bytes")
        case .list, .tuple, .dictionary: throw .noJSON("a container as a key")
        }
    }
}

extension CacheValueError {
    fileprivate static func noJSON(_ type: String) -> CacheValueError {
        CacheValueError("A value with \(type) cannot be written as JSON. Store text, numbers, lists and dictionaries.")
    }
}
