/// A size in bytes on the command line: `65536`, `64K`, `1M`, `1MiB`.
package struct ByteSize: OptionValue, Hashable {
    package let bytes: Int

    /// Creates a size.
    package init(bytes: Int) {
        self.bytes = bytes
    }

    package init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let shift: Int
        switch argument.dropFirst(digits.count).lowercased() {
        case "", "b": shift = 0
        case "k", "kb", "kib": shift = 10
        case "m", "mb", "mib": shift = 20
        case "g", "gb", "gib": shift = 30
        default: return nil
        }
        // Reject sizes above one tebibyte, which are surely mistakes. This also prevents overflow.
        guard let number = Int(digits), number > 0, number <= (1 << 40) >> shift else { return nil }
        bytes = number << shift
    }

    package static var expectation: String { "a size of at least one byte: 65536, 64K or 1M" }
}
