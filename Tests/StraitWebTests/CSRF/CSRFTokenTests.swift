import StraitCore
import StraitTesting
import Testing

@testable import StraitWeb

@Suite struct CSRFTokenTests {
    private static let secret = "abcdefghijklmnopqrstuvwxyz012345"
    private static let token = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0bXaC5gIbmOhsUdy0jE6pKclQirWoX3xT5S"

    @Test func `a token is the mask followed by the secret shifted by it, as in Django`() {
        #expect(CSRFToken.mask(Self.secret, with: "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0bX") == Self.token)
        #expect(CSRFToken.secret(of: Self.token) == Self.secret)
        #expect(CSRFToken.secret(of: Self.secret) == Self.secret)
    }

    @Test(arguments: Seeds(200))
    func `a secret's token matches that secret and no other`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let secret = CSRFToken.makeSecret(using: &generator)
        let other = CSRFToken.makeSecret(using: &generator)
        let token = CSRFToken.mask(secret, using: &generator)
        #expect(secret.count == 32 && token.count == 64)
        #expect(CSRFToken.matches(token, secret) && CSRFToken.matches(secret, secret))
        #expect(!CSRFToken.matches(token, other))
        #expect(CSRFToken.mask(secret, using: &generator) != token)
    }

    @Test(arguments: [
        ("", CSRFToken.Fault.length), ("a", .length), (String(repeating: "a", count: 33), .length),
        (String(repeating: "a", count: 128), .length), (String(repeating: "-", count: 32), .characters),
        (String(repeating: "é", count: 32), .characters), (String(repeating: "é", count: 16), .length),
        (String(repeating: " ", count: 64), .characters),
    ])
    func `an invalid token is rejected with the reason`(token: String, fault: CSRFToken.Fault) {
        #expect(CSRFToken.fault(in: token) == fault)
        #expect(CSRFToken.secret(of: token) == nil)
        #expect(!CSRFToken.matches(token, Self.secret))
    }
}
