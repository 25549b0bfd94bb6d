internal import CArgon2

/// Argon2id (RFC 9106); Django's `Argon2PasswordHasher`. Hashing takes 100 MiB of memory.
///
/// A hash is `argon2` followed by the reference implementation's encoding:
/// `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash`.
public struct Argon2PasswordHasher: PasswordHasher {
    /// The maximum memory of a hash that is verified, in KiB: 1 GiB.
    static let maximumMemory = 1 << 20

    /// `argon2`.
    public var algorithm: String { "argon2" }
    /// The number of passes over the memory.
    public let timeCost: Int
    /// The memory, in KiB.
    public let memoryCost: Int
    /// The number of lanes, each filled by a thread.
    public let parallelism: Int

    /// Creates a hasher. The defaults are Django's.
    public init(timeCost: Int = 2, memoryCost: Int = 102_400, parallelism: Int = 8) {
        self.timeCost = timeCost
        self.memoryCost = memoryCost
        self.parallelism = parallelism
    }

    /// Returns a new hash. If the parameters are not allowed or there is not enough memory, the hash is empty and
    /// matches no password.
    public func hash(_ password: String) -> String {
        guard isAllowed(timeCost, memoryCost, parallelism) else { return "" }
        let password = Array(password.utf8)
        let salt = Array(PasswordText.salt().utf8)
        var text = [CChar](repeating: 0, count: 256)
        // SAFETY: all buffers are valid during the call, and their sizes are passed.
        let code = unsafe password.withUnsafeBytes { password in
            unsafe salt.withUnsafeBytes { salt in
                unsafe argon2id_hash_encoded(
                    UInt32(timeCost), UInt32(memoryCost), UInt32(parallelism), password.baseAddress, password.count,
                    salt.baseAddress, salt.count, 32, &text, text.count)
            }
        }
        guard code == ARGON2_OK.rawValue else { return "" }
        return algorithm + String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func isAllowed(_ time: Int, _ memory: Int, _ lanes: Int) -> Bool {
        (1...1000).contains(time) && (8...Self.maximumMemory).contains(memory) && (1...64).contains(lanes)
    }

    /// Whether the password matches `hash`. Argon2i and Argon2d hashes are verified too.
    public func verifies(_ password: String, _ hash: String) -> Bool {
        guard let parameters = Parameters(hash), isAllowed(parameters.time, parameters.memory, parameters.lanes) else {
            return false
        }
        let kind: argon2_type
        switch parameters.variety {
        case "argon2id": kind = Argon2_id
        case "argon2i": kind = Argon2_i
        case "argon2d": kind = Argon2_d
        default: return false
        }
        let password = Array(password.utf8)
        // SAFETY: the buffers are valid during the call. The text ends with a zero.
        return unsafe password.withUnsafeBytes { password in
            unsafe argon2_verify(String(hash.dropFirst(algorithm.count)), password.baseAddress, password.count, kind)
                == ARGON2_OK.rawValue
        }
    }

    /// Whether the hash has different parameters or a short salt.
    public func isOutdated(_ hash: String) -> Bool {
        guard let parameters = Parameters(hash) else { return true }
        return parameters.variety != "argon2id" || parameters.version != 19 || parameters.time != timeCost
            || parameters.memory != memoryCost || parameters.lanes != parallelism
            // 30 characters are 22 bytes in base64 without padding.
            || parameters.salt.utf8.count < 30
    }

    /// The parameters in a hash.
    private struct Parameters {
        var variety: String
        var version: Int
        var memory: Int
        var time: Int
        var lanes: Int
        var salt: String

        init?(_ hash: String) {
            guard let parts = PasswordText.parts(hash, 6), parts[0] == "argon2", parts[2].hasPrefix("v="),
                let version = PasswordText.number(String(parts[2].dropFirst(2)))
            else { return nil }
            var numbers: [Substring: Int] = [:]
            for pair in parts[3].split(separator: ",") {
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard sides.count == 2, let number = PasswordText.number(String(sides[1])) else { return nil }
                numbers[sides[0]] = number
            }
            guard let memory = numbers["m"], let time = numbers["t"], let lanes = numbers["p"] else { return nil }
            variety = parts[1]
            salt = parts[4]
            (self.version, self.memory, self.time, self.lanes) = (version, memory, time, lanes)
        }
    }
}
