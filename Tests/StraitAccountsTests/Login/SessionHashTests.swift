import Testing

@testable import StraitAccounts

@Suite struct `The hash of a password in a session` {
    private let password = "pbkdf2_sha256$1000000$abcdefghijklmnopqrstuv$" + String(repeating: "A", count: 43) + "="

    @Test func `the hash is Django's`() {
        let hash = SessionHash(key: "django-insecure-test-secret-key-0123456789", fallbackKeys: ["old-secret"])
        let current = "badcff2ffec9f0d5c4bf7ce66b746db33c311c776ca92285c4785977a82c6837"
        let former = "9192df9231dfed881c684f6a57064a797d5c8094bf2dfefa4432ddf8188cdf25"
        #expect(hash.hash(password) == current)
        #expect(hash.match(current, password) == .current)
        #expect(hash.match(former, password) == .former)
        #expect(hash.match(former, password + "x") == .none)
        #expect(hash.match("", password) == .none)
    }
}
