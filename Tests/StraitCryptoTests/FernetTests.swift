import StraitCore
import StraitCrypto
import StraitTesting
import Testing

@Suite struct `Fernet` {
    private let key = FernetKey(derivedFrom: "a-test-key")
    private var keys: FernetKeys {
        guard let keys = FernetKeys([key]) else { preconditionFailure("There is a key.") }
        return keys
    }
    private let iv: [UInt8] = Array(0...15)
    private let plaintext: [UInt8] = [0x81, 0xA4, 0x74, 0x79, 0x70, 0x65, 0xA3, 0x74, 0x2E, 0x6D]
    /// The plaintext above, encrypted by Python's `cryptography` at time 1700000000.
    private let token =
        "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD6iLiYK7GbYUSAxGTkLV0rJClrvTizRSFCNz4GCovnI27iu8sNGXlTNppomgDKMrrg=="

    private func decrypt(
        _ token: String, now: Int64 = 1_700_000_000, timeToLive: Int? = nil
    ) -> Result<Bytes, FernetError> {
        Result { () throws(FernetError) in
            try keys.decrypt(token.utf8.span, now: now, timeToLive: timeToLive)
        }
    }

    @Test func `a token equals the token of Python's cryptography for the same key, time and IV`() {
        let made = keys.encrypt(plaintext.span, at: 1_700_000_000, iv: iv.span)
        #expect(made == Bytes(token))
        #expect(decrypt(token) == .success(Bytes(plaintext)))
    }

    @Test func `plaintexts of any length round-trip, including empty and whole blocks`() throws {
        for count in [0, 1, 15, 16, 17, 31, 32, 1000] {
            let plaintext = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let token = keys.encrypt(plaintext.span, at: 5, iv: iv.span)
            #expect(try keys.decrypt(token.span, now: 5, timeToLive: 0) == Bytes(plaintext), "\(count)")
        }
    }

    @Test func `the first key encrypts, and any key decrypts`() throws {
        let old = FernetKey(derivedFrom: "old")
        let ours = try #require(FernetKeys([key, old]))
        let theirs = try #require(FernetKeys([old]))
        let ourToken = ours.encrypt(plaintext.span, at: 0, iv: iv.span)
        let theirToken = theirs.encrypt(plaintext.span, at: 0, iv: iv.span)
        #expect(try keys.decrypt(ourToken.span, now: 0) == Bytes(plaintext))
        #expect(try ours.decrypt(theirToken.span, now: 0) == Bytes(plaintext))
        #expect(throws: FernetError.unknownKey) { try theirs.decrypt(ourToken.span, now: 0) }
        #expect(FernetKeys([]) == nil)
    }

    @Test func `with a time to live, an older token and one over 60 seconds ahead are rejected`() {
        let made: Int64 = 1_700_000_000
        #expect(decrypt(token, now: made + 70, timeToLive: 70) == .success(Bytes(plaintext)))
        #expect(
            decrypt(token, now: made + 71, timeToLive: 70) == .failure(.expired(seconds: 71, allowed: 70)))
        #expect(decrypt(token, now: made - 60, timeToLive: 70) == .success(Bytes(plaintext)))
        #expect(decrypt(token, now: made - 61, timeToLive: 70) == .failure(.future(seconds: 61)))
        for now in [made + 1_000_000, made - 1_000_000, 0, .min, .max] {
            #expect(decrypt(token, now: now) == .success(Bytes(plaintext)))
        }
    }

    @Test func `extreme times are compared without overflow`() throws {
        let token = keys.encrypt(plaintext.span, at: .max, iv: iv.span)
        #expect(throws: FernetError.future(seconds: UInt64(Int64.max))) {
            try keys.decrypt(token.span, now: .min, timeToLive: .max)
        }
        let early = keys.encrypt(plaintext.span, at: -1, iv: iv.span)
        #expect(try keys.decrypt(early.span, now: 0, timeToLive: 0) == Bytes(plaintext))
    }

    @Test func `a token with a changed bit is rejected`() throws {
        let bytes = try #require(Base64.urlSafe.decode(token))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let text = Base64(urlSafe: true, padding: true).encode(changed.span)
            #expect(decrypt(text) == .failure(index == 0 ? .malformed : .unknownKey), "byte \(index)")
        }
    }

    @Test func `a truncated, unpadded or otherwise malformed token is rejected`() {
        for count in 0..<token.utf8.count {
            #expect(decrypt(String(token.prefix(count))) != .success(Bytes(plaintext)), "\(count)")
        }
        let unpadded = String(token.dropLast(2))
        let texts = [
            "", "=", "====", unpadded, token + "\n", token.replacing("_", with: "/"), " " + token, "gAAA", "{}",
            String(repeating: "A", count: 100),
        ]
        for text in texts { #expect(decrypt(text) == .failure(.malformed), "\(text)") }
    }

    @Test(arguments: Seeds(20))
    func `random bytes are rejected, and corrupt tokens do not crash`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ABCDxyz0189-_=+/ ".utf8)
        for _ in 0..<300 {
            let count = Int.random(in: 0...140, using: &generator)
            let isNearlyText = Bool.random(using: &generator)
            let bytes = (0..<count).map { _ in
                isNearlyText
                    ? alphabet.randomElement(using: &generator)! : UInt8.random(in: 0...255, using: &generator)
            }
            #expect(throws: FernetError.self, "seed \(seed)") {
                try keys.decrypt(bytes.span, now: 0, timeToLive: 0)
            }
        }
        var token = Array(self.token.utf8)
        for _ in 0..<300 {
            let index = Int.random(in: 0..<token.count, using: &generator)
            token[index] = UInt8.random(in: 0...255, using: &generator)
            _ = try? keys.decrypt(token.span, now: 0, timeToLive: 0)
        }
    }

    /// Only a holder of the key can create these tokens, so they are built by hand.
    @Test func `a signed token with an invalid length or padding is rejected`() {
        let signing = Array(SHA256.hash("a-test-key".utf8.span)[..<16])
        for count in [0, 8, 9, 24, 25, 26, 40, 41, 57] {
            var bytes = [0x80] + [UInt8](repeating: 0, count: count)
            bytes += HMAC.sha256(bytes.span, key: signing.span)
            let token = Base64(urlSafe: true, padding: true).encode(bytes.span)
            #expect(decrypt(token, now: 0, timeToLive: 5) == .failure(.malformed), "\(count)")
        }
    }

    @Test func `errors say what to do, and a key's description does not reveal it`() {
        #expect(
            "\(FernetError.unknownKey)"
                == "No key decrypts the bytes, or they were changed in transit. Give all sides the same keys.")
        #expect("\(FernetError.malformed)".hasSuffix("Encrypt them on the sending side."))
        #expect("\(FernetError.future(seconds: 61))".hasSuffix("Set the clocks of both sides."))
        #expect("\(FernetError.expired(seconds: 80, allowed: 70))".contains("80 seconds ago; the limit is 70."))
        var text = ""
        dump(key, to: &text)
        #expect("\(key) \(String(reflecting: key))" == "a Fernet key a Fernet key")
        #expect(!text.contains("UInt8") && !text.contains("[0]"))
    }
}
