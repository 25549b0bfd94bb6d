import StraitCore
import StraitCrypto
import Testing

@Suite struct `Hashes` {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
    ])
    func `SHA-1 digests match FIPS 180`(text: String, digest: String) {
        #expect(hexadecimal(SHA1.hash(Bytes(text).span)) == digest)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `SHA-256 digests match FIPS 180`(text: String, digest: String) {
        #expect(hexadecimal(SHA256.hash(Bytes(text).span)) == digest)
    }

    @Test(arguments: [
        (
            "Jefe", "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        ("", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC-SHA256 matches RFC 4231 and accepts an empty key`(key: String, text: String, digest: String) {
        #expect(hexadecimal(HMAC.sha256(Bytes(text).span, key: Bytes(key).span)) == digest)
        #expect(hexadecimal(HMAC.sha256(Bytes(text).span, key: Bytes(key).span)) == digest)
    }

    @Test func `constant-time comparison accepts only equal bytes`() {
        let word = Bytes("word")
        let isEqual = constantTimeEqual(word.span, Bytes("word").span)
        let isEqualToOther = constantTimeEqual(word.span, Bytes("ward").span)
        let isEqualToLonger = constantTimeEqual(word.span, Bytes("words").span)
        let isNothingEqual = constantTimeEqual(Bytes().span, Bytes().span)
        #expect(isEqual && isNothingEqual)
        #expect(!isEqualToOther && !isEqualToLonger)
    }

    @Test func `random bytes have the requested length and differ`() {
        #expect(randomBytes(0).isEmpty)
        #expect(randomBytes(16).count == 16)
        #expect(randomBytes(16) != randomBytes(16))
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
