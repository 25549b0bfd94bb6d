import StraitCommandLine

/// File permissions in octal digits, as for `chmod`: `666`, `0660`, `0o660`.
struct FileMode: OptionValue, Hashable {
    let bits: UInt16

    init?(argument: String) {
        let digits = argument.hasPrefix("0o") ? argument.dropFirst(2) : argument[...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
            let bits = UInt16(digits, radix: 8), bits <= 0o777
        else { return nil }
        self.bits = bits
    }

    static var expectation: String { "permissions in octal digits, such as 0660" }
}
