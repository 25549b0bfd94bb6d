/// The random bytes and time that make a payload unique. Use a stamp for one payload only.
package struct PayloadStamp: Sendable {
    /// The payload's prefix. It must be different each time, but need not be secret.
    package let prefix: [12 of UInt8]
    /// The initialization vector of the encryption. It must be unpredictable.
    package let iv: [16 of UInt8]
    /// The payload's creation time, in seconds since 1970. Receivers can reject old payloads.
    package let time: Int64

    package init(prefix: [12 of UInt8], iv: [16 of UInt8], time: Int64) {
        self.prefix = prefix
        self.iv = iv
        self.time = time
    }
}
