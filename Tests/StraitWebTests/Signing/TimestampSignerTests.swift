import Foundation
import StraitWeb
import Synchronization
import Testing

/// The test vectors were created with Django 5.2.
@Suite struct TimestampSigners {
    private static let key = "django-insecure-test-secret-key-0123456789"

    private final class Watch: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
        var now: Date { time.withLock { $0 } }
        func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    @Test func `session data is signed as in Django`() throws {
        let watch = Watch()
        let signer = TimestampSigner(key: Self.key, salt: "django.contrib.sessions.SessionStore") { watch.now }
        #expect(
            try signer.signObject(["a": 1], compress: true)
                == "eyJhIjoxfQ:1r31eq:ojka98wSjxONR8Q8Xc3uGQDEBlIpYWVYoFlC_oDRJdc")
        let login = [
            "_auth_user_id": "1", "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": String(repeating: "ab", count: 32),
        ]
        let signed =
            """
            .eJyrVopPLC3JiC8tTi2Kz0xRslIyVNJBFktKTM5OzQNJpGQl5qXn6yXn55UUZSbpgZToQWWL9XzzU1JznKBqUQzISCzOAOpOTKIMKtUC\
            AM3lPq0:1r31eq:TzEnuej6l9epva35wkR1jG_ss5pfuBL8xq5PvU7bguY
            """
        #expect(try signer.unsignObject([String: String].self, from: signed) == login)
        #expect(try signer.unsignObject([String: String].self, from: signer.signObject(login, compress: true)) == login)
    }

    @Test func `a signature expires after its maximum age`() throws {
        let watch = Watch()
        let signer = TimestampSigner(key: Self.key, salt: "download") { watch.now }
        let signed = signer.sign("report.pdf")
        watch.advance(60)
        #expect(try signer.unsign(signed, maxAge: .seconds(60)) == "report.pdf")
        watch.advance(0.5)
        let error = #expect(throws: SigningError.self) { try signer.unsign(signed, maxAge: .seconds(60)) }
        #expect(error?.code == .expired)
        #expect(error?.description == "The signed value is 60 seconds old; at most 60.0 seconds are allowed.")
        #expect(try signer.unsign(signed) == "report.pdf")
    }

    @Test(arguments: ["x", "x:", "x:é", "x:zzzzzzzzzzzzzzz", "x:1!"])
    func `a text signed without a valid timestamp is rejected`(text: String) {
        let signer = TimestampSigner(key: Self.key, salt: "s")
        let error = #expect(throws: SigningError.self) {
            try signer.unsign(Signer(key: Self.key, salt: "s").sign(text))
        }
        #expect(error?.code == .badSignature)
    }
}
