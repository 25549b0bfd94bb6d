internal import COpenSSL

/// AES with a key of 128 bits in the mode CBC, filled up to whole blocks as PKCS #7 says (RFC 5652 §6.3).
///
/// Says nothing about who wrote the bytes: check a signature over them before you decrypt.
enum AESCBC {
    /// Bytes of a block, of the key and of the initialization vector.
    static let blockSize = 16

    /// `plaintext` encrypted: one to sixteen bytes longer, a multiple of sixteen.
    ///
    /// - Precondition: `key` and `iv` are 16 bytes.
    static func encrypt(_ plaintext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>) -> [UInt8] {
        guard let bytes = transform(plaintext, key: key, iv: iv, encrypts: true) else {
            preconditionFailure("OpenSSL could not encrypt with AES-128-CBC.")
        }
        return bytes
    }

    /// The plaintext behind `ciphertext`, or nil where its length or its padding is wrong.
    ///
    /// - Precondition: `key` and `iv` are 16 bytes.
    static func decrypt(_ ciphertext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>) -> [UInt8]? {
        guard !ciphertext.isEmpty, ciphertext.count % blockSize == 0 else { return nil }
        return transform(ciphertext, key: key, iv: iv, encrypts: false)
    }

    private static func transform(
        _ input: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>, encrypts: Bool
    ) -> [UInt8]? {
        precondition(key.count == blockSize && iv.count == blockSize, "AES-128-CBC takes 16 bytes each.")
        // Lengths are of 32 bits in OpenSSL.
        precondition(input.count <= Int(Int32.max) - blockSize, "That much is not encrypted at once.")
        guard let context = unsafe EVP_CIPHER_CTX_new() else { preconditionFailure("There is no memory for a cipher.") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var isDone = false
        let output = unsafe [UInt8](unsafeUninitializedCapacity: input.count + blockSize) { target, count in
            // Sound: OpenSSL writes at most one block more than it reads, for which the target has room; all are valid
            // during the calls. Nothing to encrypt needs an address nonetheless.
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
                            let isEnded = unsafe EVP_CipherFinal_ex(context, target.baseAddress! + Int(first), &last)
                            isDone = isReady == 1 && isRead == 1 && isEnded == 1
                            count = isDone ? Int(first) + Int(last) : 0
                        }
                    }
                }
            }
        }
        // What failed is nobody else's: OpenSSL keeps a queue of errors for each thread.
        if !isDone { ERR_clear_error() }
        return isDone ? output : nil
    }
}
