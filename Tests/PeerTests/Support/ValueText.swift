import StraitCore
import StraitLayers

/// The text of a value, in the same format as in `serializers.py`.
func valueText(_ value: LayerValue) -> String {
    switch value {
    case .null: "n"
    case .bool(let value): value ? "t" : "f"
    case .int(let value): "i\(value)"
    case .unsigned(let value): "i\(value)"
    case .double(let value):
        value.isNaN
            ? "nan" : "d" + (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }.hexadecimal
    case .string(let text): "s" + text.utf8.hexadecimal
    case .bytes(let bytes): "b" + bytes.hexadecimal
    case .array(let elements): "[" + elements.map(valueText).joined(separator: ",") + "]"
    case .object(let message):
        "{" + message.elements.map { valueText(.string($0.key)) + ":" + valueText($0.value) }.joined(separator: ",")
            + "}"
    }
}

/// The bytes of a hexadecimal string.
func bytes(_ text: some StringProtocol) -> Bytes {
    let digits = text.utf8.compactMap(\.hexadecimalValue)
    return Bytes(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
}
