internal import StraitCrypto

/// scrypt (RFC 7914); Django's `ScryptPasswordHasher`. Hashing takes 16 MiB of memory: `128 · cost · blockSize` bytes.
///
/// A hash is `scrypt$16384$salt$8$5$` followed by 64 bytes in base64.
public struct ScryptPasswordHasher: PasswordHasher {
    /// `scrypt`.
    public var algorithm: String { "scrypt" }
    /// The cost in time and memory, a power of two.
    public let cost: Int
    /// The size of a block of memory, in units of 128 bytes.
    public let blockSize: Int
    /// The number of times that the memory is filled, one after another.
    public let parallelism: Int

    /// Creates a hasher. The defaults are Django's since 5.1.
    public init(cost: Int = 1 << 14, blockSize: Int = 8, parallelism: Int = 5) {
        self.cost = cost
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    private struct Parameters {
        var cost: Int
        var salt: String
        var blockSize: Int
        var parallelism: Int
    }

    /// Returns a new hash. If the parameters are not allowed, the hash is empty and matches no password.
    public func hash(_ password: String) -> String {
        hash(
            password,
            Parameters(cost: cost, salt: PasswordText.salt(), blockSize: blockSize, parallelism: parallelism)) ?? ""
    }

    private func hash(_ password: String, _ parameters: Parameters) -> String? {
        let (cost, blockSize, parallelism) = (parameters.cost, parameters.blockSize, parameters.parallelism)
        // The time is limited, and so is the memory.
        guard cost > 0, blockSize > 0, (1...64).contains(parallelism), blockSize < 1 << 20,
            let key = Scrypt.key(
                password, salt: parameters.salt, cost: UInt64(cost), blockSize: UInt64(blockSize),
                parallelism: UInt64(parallelism), count: 64)
        else { return nil }
        return "scrypt$\(cost)$\(parameters.salt)$\(blockSize)$\(parallelism)$\(Base64.standard.encode(key.span))"
    }

    /// Whether the password matches `hash`.
    public func verifies(_ password: String, _ hash: String) -> Bool {
        guard let parameters = parameters(of: hash), !parameters.salt.isEmpty,
            let other = self.hash(password, parameters)
        else { return false }
        return PasswordText.isEqual(hash, other)
    }

    /// Whether the hash has different parameters.
    public func isOutdated(_ hash: String) -> Bool {
        guard let parameters = parameters(of: hash) else { return true }
        return parameters.cost != cost || parameters.blockSize != blockSize || parameters.parallelism != parallelism
    }

    private func parameters(of hash: String) -> Parameters? {
        guard let parts = PasswordText.parts(hash, 6), parts[0] == algorithm, let cost = PasswordText.number(parts[1]),
            let blockSize = PasswordText.number(parts[3]), let parallelism = PasswordText.number(parts[4])
        else { return nil }
        return Parameters(cost: cost, salt: parts[2], blockSize: blockSize, parallelism: parallelism)
    }
}
