internal import CPostgres
import StraitCore

/// A row of a result in PostgreSQL's text format.
@safe struct PostgresRow {
    // SAFETY: the result outlives the row, which is only borrowed during the reading of the result.
    private let result: OpaquePointer
    private let row: Int32

    init(result: OpaquePointer, row: Int32) {
        unsafe self.result = result
        self.row = row
    }

    /// The types that are read as something else than text, by their type IDs.
    enum Kind {
        case boolean, integer, double, numeric, bytes, text
    }

    var count: Int { Int(unsafe PQnfields(result)) }

    private func holds(_ index: Int) -> Bool { index >= 0 && index < count }

    func name(_ index: Int) -> String {
        guard holds(index), let name = unsafe PQfname(result, Int32(index)) else { return "\(index)" }
        return unsafe String(cString: name)
    }

    func kind(_ index: Int) -> Kind {
        switch unsafe PQftype(result, Int32(index)) {
        case 16: .boolean
        case 20, 21, 23, 26: .integer
        case 700, 701: .double
        case 1700: .numeric
        case 17: .bytes
        default: .text
        }
    }

    /// Whether the column is `NULL` or does not exist.
    func isNull(_ index: Int) -> Bool {
        unsafe !holds(index) || PQgetisnull(result, row, Int32(index)) != 0
    }

    private func textBytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard holds(index), let start = unsafe PQgetvalue(result, row, Int32(index)) else {
            return unsafe UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(unsafe PQgetlength(result, row, Int32(index)))
        let bytes = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return unsafe UnsafeBufferPointer(start: bytes, count: count)
    }

    subscript(index: Int) -> DatabaseValue {
        if isNull(index) { return .null }
        switch kind(index) {
        case .integer: return integer(index).map { .integer($0) } ?? .null
        case .double: return double(index).map { .double($0) } ?? .null
        case .bytes: return bytes(index).map { .bytes($0) } ?? .null
        case .boolean, .numeric, .text:
            return unsafe .text(String(decoding: textBytes(index), as: UTF8.self))
        }
    }

    func boolean(_ index: Int) -> Bool? {
        guard kind(index) == .boolean, !isNull(index) else { return nil }
        return unsafe textBytes(index).first == UInt8(ascii: "t")
    }

    /// Returns an integer, also of a `numeric` column without a fraction.
    func integer(_ index: Int) -> Int64? {
        guard !isNull(index) else { return nil }
        var text = unsafe textBytes(index)
        switch kind(index) {
        case .integer: break
        case .numeric:
            guard let point = unsafe text.firstIndex(of: UInt8(ascii: ".")) else { break }
            guard unsafe text[(point + 1)...].allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            unsafe text = UnsafeBufferPointer(rebasing: text[..<point])
        case .boolean, .double, .bytes, .text: return nil
        }
        let isNegative = unsafe text.first == UInt8(ascii: "-")
        var place = isNegative ? 1 : 0
        guard place < text.count else { return nil }
        var number: Int64 = 0
        while place < text.count {
            let digit = unsafe text[place] &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            // Subtracted, because the smallest number has no positive counterpart.
            let (difference, underflow) = product.subtractingReportingOverflow(Int64(digit))
            if overflow || underflow { return nil }
            number = difference
            place += 1
        }
        return isNegative ? number : number == .min ? nil : -number
    }

    func double(_ index: Int) -> Double? {
        guard !isNull(index) else { return nil }
        switch kind(index) {
        case .integer, .double, .numeric:
            return unsafe Double(String(decoding: textBytes(index), as: UTF8.self))
        case .boolean, .bytes, .text: return nil
        }
    }

    /// Calls `body` with the text of a column. Numbers of the type `numeric` are text, too, which keeps all of their
    /// digits.
    func withText<Output>(
        _ index: Int, _ body: (Span<UInt8>) throws(DatabaseError) -> Output
    ) throws(DatabaseError) -> Output {
        let text = unsafe textBytes(index)
        // SAFETY: the result outlives the row.
        return try body(unsafe text.span)
    }

    /// Returns bytes, which are in hexadecimal digits after `\x`.
    func bytes(_ index: Int) -> Bytes? {
        guard !isNull(index), kind(index) == .bytes else { return nil }
        let text = unsafe textBytes(index)
        guard text.count >= 2, unsafe text[0] == UInt8(ascii: "\\"), unsafe text[1] == UInt8(ascii: "x"),
            text.count % 2 == 0
        else { return nil }
        var buffer = ByteBuffer()
        for place in stride(from: 2, to: text.count, by: 2) {
            guard let high = unsafe text[place].hexadecimalValue, let low = unsafe text[place + 1].hexadecimalValue
            else { return nil }
            buffer.append(high &<< 4 | low)
        }
        return buffer.freeze()
    }
}
