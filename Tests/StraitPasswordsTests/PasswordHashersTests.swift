import StraitCore
import StraitPasswords
import Synchronization
import Testing

/// A hasher that counts its calls.
private final class CountingHasher: PasswordHasher {
    let algorithm = "counting"
    let hashed = Atomic<Int>(0)
    let hardened = Atomic<Int>(0)
    let cost: Int

    init(cost: Int) { self.cost = cost }

    func hash(_ password: String) -> String {
        hashed.add(1, ordering: .relaxed)
        return "counting$\(cost)$\(password)"
    }
    func verifies(_ password: String, _ hash: String) -> Bool { hash.hasSuffix("$" + password) }
    func isOutdated(_ hash: String) -> Bool { !hash.hasPrefix("counting$\(cost)$") }
    func hardenRuntime(_ password: String, _ hash: String) { hardened.add(1, ordering: .relaxed) }
}

@Suite struct `Password hashing` {
    @Test func `the first hasher makes hashes, and all verify them`() async throws {
        let counting = CountingHasher(cost: 2)
        let passwords = PasswordHashers([counting, MD5PasswordHasher()])
        let hash = try await passwords.hash("s3cret")
        #expect(hash == "counting$2$s3cret")
        let own = try await passwords.check("s3cret", hash)
        #expect(own == PasswordCheck(isCorrect: true, mustUpdate: false))
        let old = try await passwords.check("s3cret", "counting$1$s3cret")
        #expect(old == PasswordCheck(isCorrect: true, mustUpdate: true))
        let other = try await passwords.check("s3cret", "md5$seasalt$1f43b0e7d1763f5f16db022da469799b")
        #expect(other == PasswordCheck(isCorrect: true, mustUpdate: true))
        let wrong = try await passwords.check("wrong", "md5$seasalt$1f43b0e7d1763f5f16db022da469799b")
        #expect(wrong == PasswordCheck(isCorrect: false, mustUpdate: false))
        await passwords.stop()
    }

    @Test func `an unknown user takes the time of one hash`() async throws {
        let counting = CountingHasher(cost: 2)
        let passwords = PasswordHashers([counting])
        for hash in [nil, "!unusable", "", "unknown$1$s3cret"] as [String?] {
            let before = counting.hashed.load(ordering: .relaxed)
            let check = try await passwords.check("s3cret", hash)
            #expect(check == PasswordCheck(isCorrect: false, mustUpdate: false))
            #expect(counting.hashed.load(ordering: .relaxed) == before + 1)
        }
        _ = try await passwords.check("wrong", "counting$1$s3cret")
        #expect(counting.hardened.load(ordering: .relaxed) == 1)
        _ = try await passwords.check("wrong", "counting$2$s3cret")
        #expect(counting.hardened.load(ordering: .relaxed) == 1)
        await passwords.stop()
    }

    @Test func `the hash of no password is unusable and matches nothing`() async throws {
        let passwords = PasswordHashers([MD5PasswordHasher()])
        let hash = try await passwords.hash(nil)
        #expect(hash.utf8.count == 41)
        #expect(hash.hasPrefix("!"))
        #expect(!PasswordHashers.isUsable(hash))
        let check = try await passwords.check(hash, hash)
        #expect(!check.isCorrect)
        let other = try await passwords.hash(nil)
        #expect(hash != other)
        await passwords.stop()
    }

    @Test func `the default hashers are those of Django 5.2`() {
        #expect(
            PasswordHashers.standard.map(\.algorithm) == [
                "pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt",
            ])
        #expect(PBKDF2PasswordHasher().iterations == 1_000_000)
    }
}
