/// What makes one payload unlike any other: chance and the time. Nothing of it may be used for two payloads.
package struct PayloadStamp: Sendable {
    /// The bytes in front of the payload. They need not be secret, only different each time.
    package let prefix: [12 of UInt8]
    /// The initialization vector of the encryption: nobody may be able to guess it beforehand.
    package let iv: [16 of UInt8]
    /// When the payload is made, in seconds since 1970, for those who refuse old ones.
    package let time: Int64

    package init(prefix: [12 of UInt8], iv: [16 of UInt8], time: Int64) {
        self.prefix = prefix
        self.iv = iv
        self.time = time
    }
}
