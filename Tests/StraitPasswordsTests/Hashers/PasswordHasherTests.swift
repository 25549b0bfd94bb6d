import StraitPasswords
import Testing

@Suite struct `Password hashers` {
    /// Hashes of the password `s3cret` that Django made.
    static let hashes: [(any PasswordHasher, String)] = [
        (PBKDF2PasswordHasher(), "pbkdf2_sha256$1000$seasalt$OgwedktTHn6mmDBUe8hEgyWcem7MmUwZPnXWdUXxiJk="),
        (PBKDF2PasswordHasher(usesSHA1: true), "pbkdf2_sha1$1000$seasalt$6jT/Y5TT31B3qHv7k7Xh7+16vw4="),
        (
            ScryptPasswordHasher(),
            "scrypt$16384$seasalt$8$5$xiifCLSSIoYAGpG86qC3iI8Q6YxeyrqOqzNQ5W8TECxI4Ix6xNZIS5pQRj6YuPgnOTulsqowYn+us83"
                + "vRv6Wcg=="
        ),
        (
            Argon2PasswordHasher(),
            "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdHNlYXNhbHQyMg$Di91A8NgtTngnfXLV/cmuOGmjbSxp/nqI0tNfmu2B4E"
        ),
        (
            BCryptPasswordHasher(), "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuugJWwBcnrVlV.suKBzKpLj2GmN9klCB6"
        ),
        (MD5PasswordHasher(), "md5$seasalt$1f43b0e7d1763f5f16db022da469799b"),
    ]

    /// The hashers with low costs.
    static let cheap: [any PasswordHasher] = [
        PBKDF2PasswordHasher(iterations: 10), PBKDF2PasswordHasher(iterations: 10, usesSHA1: true),
        ScryptPasswordHasher(cost: 16, blockSize: 8, parallelism: 1),
        Argon2PasswordHasher(timeCost: 1, memoryCost: 64, parallelism: 1), BCryptPasswordHasher(rounds: 4),
        BCryptPasswordHasher(rounds: 4, isHashedFirst: false), MD5PasswordHasher(),
    ]

    @Test(arguments: hashes.indices) func `Django's hashes match their password and no other`(_ index: Int) {
        let (hasher, hash) = Self.hashes[index]
        #expect(hasher.verifies("s3cret", hash))
        #expect(!hasher.verifies("s3cre", hash))
        #expect(!hasher.verifies("", hash))
        // Django does not check the length of the salt of scrypt.
        #expect(hasher.isOutdated(hash) == (hasher.algorithm != "scrypt"))
    }

    @Test(arguments: cheap.indices) func `a new hash matches its password, and has a salt of its own`(_ index: Int) {
        let hasher = Self.cheap[index]
        for password in ["s3cret", "", "pässwörd 🔑", String(repeating: "x", count: 60)] {
            let hash = hasher.hash(password)
            #expect(hash.hasPrefix(hasher.algorithm + "$"))
            #expect(hash.utf8.count < 128)
            #expect(hasher.verifies(password, hash))
            #expect(!hasher.verifies(password + "x", hash))
            #expect(!hasher.isOutdated(hash), "\(hash)")
            #expect(hasher.hash(password) != hash)
        }
    }

    @Test(arguments: cheap.indices) func `text that is not a hash matches no password`(_ index: Int) {
        let hasher = Self.cheap[index]
        let whole = hasher.hash("s3cret")
        for hash in ["", "$", hasher.algorithm, hasher.algorithm + "$", "\(hasher.algorithm)$$$$$$", "none$1$a$b"] {
            #expect(!hasher.verifies("s3cret", hash))
            #expect(hasher.isOutdated(hash))
        }
        // Each truncation, and each single changed character.
        for place in whole.indices {
            #expect(!hasher.verifies("s3cret", String(whole[..<place])))
            var changed = whole
            changed.replaceSubrange(place...place, with: whole[place] == "1" ? "2" : "1")
            // bcrypt ignores the last bits of its salt's last character.
            if changed != whole, !hasher.algorithm.hasPrefix("bcrypt") {
                #expect(!hasher.verifies("s3cret", changed), "\(changed)")
            }
        }
    }

    @Test func `a hash that needs too much time or memory matches no password`() {
        #expect(!PBKDF2PasswordHasher().verifies("a", "pbkdf2_sha256$999999999999$salt$AAAA"))
        #expect(!PBKDF2PasswordHasher().verifies("a", "pbkdf2_sha256$0$salt$AAAA"))
        #expect(!ScryptPasswordHasher().verifies("a", "scrypt$1073741824$salt$8$5$AAAA"))
        #expect(!ScryptPasswordHasher().verifies("a", "scrypt$16384$salt$8$999999$AAAA"))
        #expect(!ScryptPasswordHasher().verifies("a", "scrypt$3$salt$8$1$AAAA"))
        #expect(!Argon2PasswordHasher().verifies("a", "argon2$argon2id$v=19$m=4294967295,t=2,p=8$c2FsdHNhbHQ$AAAA"))
        #expect(!BCryptPasswordHasher().verifies("a", "bcrypt_sha256$$2b$31$abcdefghijklmnopqrstuu"))
    }

    @Test func `a hash with a lower cost or a short salt is outdated`() {
        let strong = PBKDF2PasswordHasher(iterations: 20)
        #expect(strong.isOutdated(PBKDF2PasswordHasher(iterations: 10).hash("a")))
        #expect(!strong.isOutdated(PBKDF2PasswordHasher(iterations: 30).hash("a")))
        #expect(strong.isOutdated("pbkdf2_sha256$20$short$AAAA"))
        #expect(BCryptPasswordHasher(rounds: 5).isOutdated(BCryptPasswordHasher(rounds: 4).hash("a")))
        #expect(
            Argon2PasswordHasher().isOutdated(
                Argon2PasswordHasher(timeCost: 1, memoryCost: 64, parallelism: 1).hash("a")))
        #expect(ScryptPasswordHasher().isOutdated(ScryptPasswordHasher(cost: 16, parallelism: 1).hash("a")))
    }

    @Test func `plain bcrypt uses only 72 bytes, and bcrypt of a SHA-256 hash uses all bytes`() {
        let long = String(repeating: "x", count: 72)
        let plain = BCryptPasswordHasher(rounds: 4, isHashedFirst: false)
        #expect(plain.verifies(long + "b", plain.hash(long + "a")))
        #expect(!plain.verifies("a\0b", plain.hash("a")))
        let hashed = BCryptPasswordHasher(rounds: 4)
        #expect(!hashed.verifies(long + "b", hashed.hash(long + "a")))
        #expect(!hashed.verifies("a\0b", hashed.hash("a")))
    }
}
