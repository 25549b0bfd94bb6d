internal import FoundationEssentials
internal import StraitCore

extension JSONDocument {
    /// Decodes the document as a `Value`.
    package func decodeRoot<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard coder.enums == .tagged, !Self.isWhole(type) else { return try decode(type, at: 0) }
        do {
            return try Value(from: JSONValueDecoder(self, 0, .message))
        } catch {
            throw message.failure ?? error
        }
    }

    /// Decodes the value at `index` as a `Value`.
    package func decode<Value: Decodable>(_ type: Value.Type, at index: Int) throws -> Value {
        if Self.isWhole(type), let value = try whole(type, at: index) as? Value { return value }
        return try Value(from: JSONValueDecoder(self, index, .plain))
    }

    /// Whether the coder reads and writes the type itself, without the type's `Codable` conformance.
    @inline(__always)
    static func isWhole(_ type: Any.Type) -> Bool {
        type == Date.self || type == Data.self || type == URL.self || type == Decimal.self || type == Bytes.self
    }

    private func whole(_ type: Any.Type, at index: Int) throws -> Any {
        switch type {
        case is Date.Type:
            let text = try string(at: index, expecting: "a date and time in ISO 8601, such as 2026-11-28T17:13:33Z")
            guard let date = JSONDate.date(text) else {
                throw corrupted(index, "a date and time in ISO 8601, such as 2026-11-28T17:13:33Z")
            }
            return date
        case is Decimal.Type:
            let number = try number(at: index, Decimal.self, "a number")
            guard let decimal = (try? number.decimal())?.foundation else {
                throw corrupted(index, "a number of at most 38 digits")
            }
            return decimal
        case is URL.Type:
            guard let url = URL(string: try string(at: index, expecting: "a URL")) else {
                throw corrupted(index, "a URL")
            }
            return url
        default:
            guard let data = Data(base64Encoded: try string(at: index, expecting: "base64")) else {
                throw corrupted(index, "base64")
            }
            return type == Bytes.self ? Bytes(data) : data
        }
    }

    // MARK: Scalars

    func isNull(_ index: Int) -> Bool { tokens[index].kind == .null }

    func bool(at index: Int) throws -> Bool {
        switch tokens[index].kind {
        case .true: true
        case .false: false
        default: throw mismatch(index, "true or false", Bool.self)
        }
    }

    @inline(__always)
    func string(at index: Int) throws -> String { try string(at: index, expecting: "a string") }

    func string(at index: Int, expecting expected: StaticString) throws -> String {
        let token = tokens[index]
        guard token.kind == .string else { throw mismatch(index, "\(expected)", String.self) }
        return string(token)
    }

    private func number(at index: Int, _ type: Any.Type, _ expected: String) throws -> JSONNumber {
        let token = tokens[index]
        guard token.kind == .number else { throw mismatch(index, expected, type) }
        return number(token)
    }

    func double(at index: Int) throws -> Double {
        let number = try number(at: index, Double.self, "a number").double
        guard number.isFinite else { throw corrupted(index, "a number that 64 bits of floating point can hold") }
        return number
    }

    func float(at index: Int) throws -> Float {
        let number = try number(at: index, Float.self, "a number").float
        guard number.isFinite else { throw corrupted(index, "a number that 32 bits of floating point can hold") }
        return number
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type, at index: Int) throws -> Number {
        let token = tokens[index]
        guard token.kind == .number else { throw mismatch(index, "a whole number", type) }
        do throws(JSONNumber.Failure) {
            return try number(token).exact(type)
        } catch {
            switch error {
            case .fraction: throw corrupted(index, "a whole number", not: "a fraction")
            case .range: throw corrupted(index, "a whole number from \(type.min) to \(type.max)")
            }
        }
    }

    // MARK: Errors

    /// Returns the keys that lead to the value at `index`.
    func path(to index: Int) -> [any CodingKey] { JSONPath.keys(to: index, in: self) }

    /// Returns the error for a value of the wrong kind.
    func mismatch(_ index: Int, _ expected: String, _ type: Any.Type) -> DecodingError {
        let context = context(index, expected, not: name(of: tokens[index].kind))
        return isNull(index) ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    /// Returns the error for a value of the right kind that is invalid.
    func corrupted(_ index: Int, _ expected: String, not found: String? = nil) -> DecodingError {
        .dataCorrupted(context(index, expected, not: found))
    }

    func missing(_ key: any CodingKey, _ name: String, in object: Int) -> DecodingError {
        .keyNotFound(key, context(object, "Missing '\(name.cut(toUTF8: 48))'"))
    }

    private func context(_ index: Int, _ expected: String, not found: String?) -> DecodingError.Context {
        context(index, "Expected \(expected)", found.map { ", not \($0)" } ?? "")
    }

    private func context(_ index: Int, _ problem: String, _ found: String = "") -> DecodingError.Context {
        let path = JSONPath.keys(to: index, in: self, atMost: JSONPath.longest)
        let text = JSONPath.text(path)
        let offset = tokens[index].offset
        let place = text.isEmpty ? " at offset \(offset)" : " at \(text.cut(toUTF8: 48)) (offset \(offset))"
        let error = JSONError(.shape, at: offset, path: text, problem + place + found)
        return DecodingError.Context(codingPath: path, debugDescription: error.description, underlyingError: error)
    }

    private func name(of kind: JSONToken.Kind) -> String {
        switch kind {
        case .null: "null"
        case .true: "true"
        case .false: "false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
