import StraitCore
import StraitLayers
import StraitRedis
import StraitTesting

/// The bytes of a hexadecimal string. Spaces are ignored.
func hex(_ text: String) -> Bytes {
    let digits = text.compactMap { $0.hexDigitValue.map { UInt8($0) } }
    return Bytes(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
}

/// The text of the error for invalid msgpack, or an empty string if `bytes` are valid.
func refusal(_ bytes: Bytes, limits: MessageLimits = MessageLimits()) -> String {
    do throws(MessagePackError) {
        _ = try MessagePackDecoder.value(from: bytes, limits: limits)
        return ""
    } catch {
        return "\(error)"
    }
}

/// A random value with at most `depth` nested arrays and objects. It covers every msgpack format.
func randomValue(depth: Int, using generator: inout SeededGenerator) -> LayerValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2, 3:
        // Numbers of every width, of both signs, and next to the limits of each width.
        let width = UInt64(Int.random(in: 0..<64, using: &generator))
        let number = generator.next() >> width &+ UInt64(Int.random(in: 0...1, using: &generator))
        if number > UInt64(Int.max) { return .unsigned(number) }
        return .int(Bool.random(using: &generator) ? Int(number) : -Int(number))
    case 4:
        let number = Double(bitPattern: generator.next())
        return .double(number.isNaN ? 0.5 : number)
    case 5: return .string(randomText(using: &generator))
    case 6:
        let count = randomCount(using: &generator)
        return .bytes(Bytes((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }))
    case 7, 8:
        let count = Int.random(in: 0...18, using: &generator)
        return .array((0..<count).map { _ in randomValue(depth: depth - 1, using: &generator) })
    default: return .object(randomMessage(depth: depth - 1, using: &generator))
    }
}

func randomMessage(depth: Int, using generator: inout SeededGenerator) -> LayerMessage {
    var message = LayerMessage()
    for _ in 0..<Int.random(in: 0...18, using: &generator) {
        message[randomText(using: &generator)] = randomValue(depth: depth, using: &generator)
    }
    return message
}

private func randomText(using generator: inout SeededGenerator) -> String {
    let characters: [Character] = ["a", "é", "e\u{301}", "漢", "😀", "\0", "\r\n"]
    let count = randomCount(using: &generator)
    return String((0..<count).map { _ in generator.pick(characters) })
}

/// A random length, mostly small, sometimes next to a limit of a length format.
private func randomCount(using generator: inout SeededGenerator) -> Int {
    switch Int.random(in: 0..<1000, using: &generator) {
    case 0: generator.pick([65_534, 65_535, 65_536])
    case 1..<50: generator.pick([31, 32, 255, 256])
    default: Int.random(in: 0...8, using: &generator)
    }
}
