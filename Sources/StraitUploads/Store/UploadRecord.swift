internal import StraitCore
internal import StraitCrypto
internal import StraitJSON

/// The description of an upload, which does not change.
package struct UploadRecord: Codable, Hashable, Sendable {
    /// The random identifier: 32 lower-case letters and digits.
    package var id: String
    /// The SHA-256 hash of the secret, in hexadecimal digits. Only clients that know the secret may continue the
    /// upload.
    package var secretHash: String
    /// The owner, such as a user's primary key; empty for a visitor who is not logged in.
    package var owner: String
    /// The file's name on the client. It is shown to people and never used as a path.
    package var name: String
    /// The declared size in bytes.
    package var size: Int64
    /// The type that the client claims.
    package var type: String
    /// The time at which the upload began, in seconds since 1970.
    package var createdAt: Int64
    /// Values that the application stores with the upload.
    package var metadata: [String: String]

    package init(
        id: String = Self.randomID(), secret: String, owner: String, name: String, size: Int64, type: String = "",
        createdAt: Int64, metadata: [String: String] = [:]
    ) {
        self.id = id
        secretHash = Self.hash(secret)
        self.owner = owner
        self.name = name
        self.size = size
        self.type = type
        self.createdAt = createdAt
        self.metadata = metadata
    }

    /// Whether a text has the form of an identifier, so that it is safe in a path.
    package static func isValid(id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }

    /// Returns a new identifier or secret.
    package static func randomID() -> String { randomText(32, of: "abcdefghijklmnopqrstuvwxyz0123456789") }

    /// Returns the hash of a secret.
    package static func hash(_ secret: String) -> String {
        let bytes = Array(secret.utf8)
        return SHA256.hash(bytes.span).hexadecimal
    }

    /// Whether a secret matches the upload's.
    package func accepts(_ secret: String) -> Bool {
        let (given, own) = (Array(Self.hash(secret).utf8), Array(secretHash.utf8))
        return constantTimeEqual(given.span, own.span)
    }

    var encoded: [UInt8] {
        get throws { Array(try JSONCoder().encode(self)) }
    }

    /// Decodes a stored record. Returns nil if it is damaged.
    init?(decoding bytes: [UInt8]) {
        guard let record = try? JSONCoder().decode(UploadRecord.self, from: Bytes(bytes)) else { return nil }
        self = record
    }
}
