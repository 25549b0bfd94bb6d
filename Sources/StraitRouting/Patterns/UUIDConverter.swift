internal import FoundationEssentials

/// The converter `uuid`: a lower-case UUID with four hyphens, as a `UUID`.
struct UUIDConverter: Converter {
    func longestMatch(in text: Span<UInt8>) -> Int {
        guard text.count >= 36 else { return 0 }
        for index in 0..<36 {
            let byte = text[index]
            switch index {
            case 8, 13, 18, 23: guard byte == 0x2D else { return 0 }
            default: guard byte &- 0x30 < 10 || byte &- 0x61 < 6 else { return 0 }
            }
        }
        return 36
    }

    func toValue(_ text: String) -> (any Sendable)? { UUID(uuidString: text) }
}
