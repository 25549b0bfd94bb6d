/// The ID of a request.
package enum RequestIdentity: Sendable {
    /// A random prefix shared by all IDs of a site, and the request's number. IDs are not secret.
    case numbered(prefix: UInt64, number: UInt64)
    /// The ID that a proxy sent.
    case given(String)

    /// The ID as text: 32 hexadecimal digits, or the proxy's ID unchanged.
    package var text: String {
        switch self {
        case .given(let text): return text
        case .numbered(let prefix, let number):
            return unsafe String(unsafeUninitializedCapacity: 32) { digits in
                // SAFETY: the buffer has room for 32 digits, and each index is below 32.
                for index in 0..<16 {
                    unsafe digits[index] = Self.digit(prefix, index)
                    unsafe digits[16 + index] = Self.digit(number, index)
                }
                return 32
            }
        }
    }

    /// Returns the hexadecimal digit at `index`, from 0 (the most significant) to 15.
    private static func digit(_ number: UInt64, _ index: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 0xF
        return value < 10 ? 0x30 + value : 0x57 + value
    }
}

extension Scope {
    /// The ID that `RequestIDMiddleware` assigned to the request, or nil if it is not installed.
    public var requestID: String? { requestIdentity?.text }
}
