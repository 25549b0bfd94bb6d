internal import StraitCore
internal import StraitDatabase
internal import StraitModels

extension DatabaseDefault {
    /// Whether the value is the same for all rows.
    var isConstant: Bool { content != .now }

    /// Returns the value as a constant or expression in a statement, in the form that a column of this kind stores.
    func text(for kind: FieldKind, engine: DatabaseEngine) -> String {
        switch content {
        case .boolean(let value): engine == .sqlite ? (value ? "1" : "0") : (value ? "true" : "false")
        case .now: Self.now(kind, engine)
        case .value(let value): Self.text(value, kind, engine)
        }
    }

    private static func now(_ kind: FieldKind, _ engine: DatabaseEngine) -> String {
        if engine == .postgreSQL { return "STATEMENT_TIMESTAMP()" }
        return switch kind {
        case .date: "DATE('NOW')"
        case .time: "TIME('NOW')"
        default: "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
        }
    }

    private static func text(_ value: DatabaseValue, _ kind: FieldKind, _ engine: DatabaseEngine) -> String {
        switch (kind, value) {
        case (.float, .integer(let number)): return "\(number).0"
        case (.decimal(_, let places), .integer(let number)) where engine == .sqlite:
            return cast("\(number)" + (places > 0 ? "." + String(repeating: "0", count: places) : ""))
        case (.decimal(_, let places), .double(let number)) where engine == .sqlite:
            return cast(fixed(number, places))
        case (.decimal(_, let places), .text(let number)) where engine == .sqlite:
            return cast(Double(number).map { fixed($0, places) } ?? number)
        case (.decimal, .text(let number)) where Self.isPlain(number): return number
        case (.boolean, .integer(let number)) where engine == .postgreSQL: return number == 0 ? "false" : "true"
        case (.uuid, .text(let text)) where engine == .sqlite: return SQL.literal(text.filter { $0 != "-" })
        case (.duration, .integer(let number)) where engine == .postgreSQL:
            return "'\(number) microseconds'::interval"
        case (.binary, .text(let text)):
            let digits = Bytes(text.utf8).hexadecimal
            return engine == .sqlite ? "X'\(digits)'" : "'\\x\(digits)'::bytea"
        case (_, .bytes(let bytes)) where engine == .postgreSQL: return "'\\x\(bytes.hexadecimal)'::bytea"
        default: return value.literal
        }
    }

    /// Whether a text is a number without a name such as `nan`.
    private static func isPlain(_ number: String) -> Bool {
        Double(number) != nil
            && number.utf8.allSatisfy { ($0 | 0x20) == UInt8(ascii: "e") || (0x2B...0x39).contains($0) }
    }

    private static func cast(_ number: String) -> String { "(CAST(\(SQL.literal(number)) AS NUMERIC))" }

    /// Returns `number` with exactly `places` digits after the point.
    private static func fixed(_ number: Double, _ places: Int) -> String {
        var text = "\(number.magnitude)"
        guard !text.contains("e"), let point = text.firstIndex(of: ".") else { return "\(number)" }
        let digits = text.distance(from: point, to: text.endIndex) - 1
        if digits < places { text += String(repeating: "0", count: places - digits) }
        if digits > places { text.removeLast(digits - places) }
        if text.hasSuffix(".") { text.removeLast() }
        return (number < 0 ? "-" : "") + text
    }
}
