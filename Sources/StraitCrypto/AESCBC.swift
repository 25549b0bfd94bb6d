internal import COpenSSL

/// AES-128 in CBC mode with PKCS #7 padding (RFC 5652 §6.3).
///
/// The mode does not authenticate the data. Check a signature over the ciphertext before decrypting it.
enum AESCBC {
    /// The length of a block, of the key and of the initialization vector, in bytes.
    static let blockSize = 16

    /// Returns `plaintext` encrypted: 1 to 16 bytes longer, and a multiple of 16 bytes.
    ///
    /// - Precondition: `key` and `iv` are 16 bytes.
    static func encrypt(_ plaintext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>) -> [UInt8] {
        guard let bytes = transform(plaintext, key: key, iv: iv, encrypts: true) else {
            preconditionFailure("OpenSSL could not encrypt with AES-128-CBC.")
        }
        return bytes
    }

    /// Returns the plaintext of `ciphertext`, or nil if its length or padding is invalid.
    ///
    /// - Precondition: `key` and `iv` are 16 bytes.
    static func decrypt(_ ciphertext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>) -> [UInt8]? {
        guard !ciphertext.isEmpty, ciphertext.count % blockSize == 0 else { return nil }
        return transform(ciphertext, key: key, iv: iv, encrypts: false)
    }

    private static func transform(
        _ input: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>, encrypts: Bool
    ) -> [UInt8]? {
        precondition(key.count == blockSize && iv.count == blockSize, "AES-128-CBC needs a key and an iv of 16 bytes.")
        // OpenSSL takes 32-bit lengths.
        precondition(input.count <= Int(Int32.max) - blockSize, "The input is over 2 GiB. Encrypt it in parts.")
        guard let context = unsafe EVP_CIPHER_CTX_new() else { preconditionFailure("Out of memory for a cipher.") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var isDone = false
        let output = unsafe [UInt8](unsafeUninitializedCapacity: input.count + blockSize) { target, count in
            // SAFETY: OpenSSL writes at most one block more than it reads, and the target has room for it. All buffers
            // are valid during the calls. An empty input still needs an address.
            unsafe key.withUnsafeBufferPointer { key in
                unsafe iv.withUnsafeBufferPointer { iv in
                    unsafe input.withUnsafeBufferPointer { input in
                        unsafe withUnsafePointer(to: UInt8(0)) { nothing in
                            var first: Int32 = 0
                            var last: Int32 = 0
                            let isReady = unsafe EVP_CipherInit_ex(
                                context, EVP_aes_128_cbc(), nil, key.baseAddress, iv.baseAddress, encrypts ? 1 : 0)
                            let isRead = unsafe EVP_CipherUpdate(
                                context, target.baseAddress, &first, input.baseAddress ?? nothing, Int32(input.count))
                            let isEnded = unsafe EVP_CipherFinal_ex(
                                context, target.baseAddress?.advanced(by: Int(first)), &last)
                            isDone = isReady == 1 && isRead == 1 && isEnded == 1
                            count = isDone ? Int(first) + Int(last) : 0
                        }
                    }
                }
            }
        }
        // OpenSSL keeps an error queue per thread. Don't leave this error to later calls.
        if !isDone { ERR_clear_error() }
        return isDone ? output : nil
    }
}
