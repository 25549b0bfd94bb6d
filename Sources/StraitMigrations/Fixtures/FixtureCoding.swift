internal import FoundationEssentials
internal import StraitCore
internal import StraitDatabase
internal import StraitJSON
internal import StraitModels
internal import StraitText

/// Converts values between a database and Django's JSON format of fixtures.
struct FixtureCoding {
    let kind: FieldKind
    let engine: DatabaseEngine

    private static let coder: JSONCoder = {
        var limits = JSONLimits()
        limits.bytes = 1 << 30
        limits.keys = 1 << 30
        limits.values = 1 << 30
        return JSONCoder(limits: limits)
    }()

    /// Reads JSON text.
    static func read(_ text: String) throws -> FixtureValue { try coder.decode(FixtureValue.self, from: text) }

    /// Returns the JSON text of a value.
    static func text(_ value: FixtureValue) throws -> String {
        String(decoding: try coder.encode(value), as: UTF8.self)
    }

    /// Returns a stored value as JSON.
    func json(_ value: DatabaseValue) throws -> FixtureValue {
        switch (kind, value) {
        case (_, .null): return .null
        case (.boolean, .integer(let number)): return .boolean(number != 0)
        case (.boolean, .text(let text)): return .boolean(text == "t" || text == "true")
        case (.decimal(_, let places), _): return .string(Self.fixed(value, places))
        case (.dateTime, .text(let text)):
            guard let date = DatabaseDate.date(from: text) else { return .string(text) }
            return .string(try DatabaseDate.text(of: date).replacing(" ", with: "T") + "Z")
        case (.duration, .integer(let number)): return .string(DurationText.isoText(of: .microseconds(number)))
        case (.duration, .text(let text)):
            return .string(DurationText.readInterval(text).map(DurationText.isoText) ?? text)
        case (.binary, .bytes(let bytes)): return .string(Data(Array(bytes)).base64EncodedString())
        case (.json, .text(let text)): return try Self.read(text)
        case (.uuid, .text(let text)): return .string(Self.uuid(text, hasHyphens: true))
        case (.float, .integer(let number)): return .double(Double(number))
        case (.float, .text(let text)): return Double(text).map { .double($0) } ?? .string(text)
        case (_, .integer(let number)): return .integer(number)
        case (_, .double(let number)): return .double(number)
        case (_, .bytes(let bytes)): return .string(Data(Array(bytes)).base64EncodedString())
        case (_, .text(let text)):
            if isInteger, let number = Int64(text) { return .integer(number) }
            return .string(text)
        }
    }

    private var isInteger: Bool {
        switch kind {
        case .smallAuto, .auto, .bigAuto, .smallInteger, .integer, .bigInteger, .positiveSmallInteger,
            .positiveInteger, .positiveBigInteger:
            true
        default: false
        }
    }

    /// Returns the stored form of a JSON value.
    ///
    /// - Throws: ``MigrationError`` if the value does not fit the field.
    func stored(_ value: FixtureValue) throws -> any DatabaseConvertible {
        switch (kind, value) {
        case (.json, .null): return DatabaseValue.null
        case (.json, _): return try Self.text(value)
        case (_, .null): return DatabaseValue.null
        case (_, .boolean(let value)): return value
        case (.decimal, .integer(let number)): return "\(number)"
        case (.decimal, .double(let number)): return "\(number)"
        case (_, .integer(let number)): return number
        case (_, .double(let number)): return number
        case (.dateTime, .string(let text)):
            guard let date = Self.date(text) else { throw MigrationError("'\(text)' is not a date and time.") }
            return date
        case (.duration, .string(let text)):
            guard case .duration(let duration)? = DurationText.read(text) else {
                throw MigrationError("'\(text)' is not a duration.")
            }
            return duration
        case (.binary, .string(let text)):
            guard let data = Data(base64Encoded: text) else { throw MigrationError("'\(text)' is not base64.") }
            return Bytes(data)
        case (.uuid, .string(let text)): return Self.uuid(text, hasHyphens: engine == .postgreSQL)
        case (.boolean, .string(let text)): return text.lowercased() == "true"
        case (_, .string(let text)):
            if isInteger, let number = Int64(text) { return number }
            return text
        case (_, .array), (_, .object):
            throw MigrationError("A list or an object is no value of a \(kind.djangoName).")
        }
    }

    // MARK: Forms

    /// Reads a time in ISO 8601. Without an offset, it is in UTC.
    private static func date(_ text: String) -> Date? {
        DatabaseDate.date(from: text.hasSuffix("Z") ? String(text.dropLast()) + "+00:00" : text)
    }

    private static func uuid(_ text: String, hasHyphens: Bool) -> String {
        let digits = text.lowercased().filter { $0 != "-" }
        guard hasHyphens, digits.utf8.count == 32 else { return digits }
        var rest = digits[...]
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return String(rest.prefix(count))
        }.joined(separator: "-")
    }

    /// Returns a number with exactly `places` digits after the point.
    private static func fixed(_ value: DatabaseValue, _ places: Int) -> String {
        let text: String
        switch value {
        case .integer(let number): text = "\(number)"
        case .double(let number): text = "\(number)"
        case .text(let number): text = number
        case .null, .bytes: return ""
        }
        return Decimal(string: text).map { DecimalDigits.fixed($0, places: places) } ?? text
    }
}
