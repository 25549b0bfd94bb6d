import StraitCore
import StraitLayers
import StraitRedis

/// `message` without values that JSON lacks: bytes become their count, infinities null.
func withoutBytes(_ message: LayerMessage) -> LayerMessage {
    LayerMessage(message.elements.map { ($0.key, withoutBytes($0.value)) })
}

private func withoutBytes(_ value: LayerValue) -> LayerValue {
    switch value {
    case .bytes(let bytes): .int(bytes.count)
    case .double(let number) where !number.isFinite: .null
    case .array(let elements): .array(elements.map(withoutBytes))
    case .object(let message): .object(withoutBytes(message))
    default: value
    }
}

/// A fixed stamp for test vectors.
func stamp(_ time: Int64 = 1_700_000_000) -> PayloadStamp {
    var prefix = [12 of UInt8](repeating: 0)
    for index in prefix.indices { prefix[index] = UInt8(0xF0 + index) }
    var iv = [16 of UInt8](repeating: 0)
    for index in iv.indices { iv[index] = UInt8(index) }
    return PayloadStamp(prefix: prefix, iv: iv, time: time)
}
