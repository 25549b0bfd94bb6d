import Foundation
import Strait
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWeb
import Testing

/// The test vectors were created with Django 5.2.
@Suite struct Signers {
    private static let key = "django-insecure-test-secret-key-0123456789"

    @Test func `a signed text is the text followed by its signature`() throws {
        let signer = Signer(key: Self.key)
        let signed = signer.sign("ann@example.com:1")
        #expect(signed == "ann@example.com:1:JZgrU7uFRDqt2ehxtKAwfcAYKtB59ovTyoGFTb5sujY")
        #expect(try signer.unsign(signed) == "ann@example.com:1")
    }

    @Test(arguments: ["", "x", ":", "ann:", "ann:AAAA", "bob:JZgrU7uFRDqt2ehxtKAwfcAYKtB59ovTyoGFTb5sujY"])
    func `a text without a valid signature is rejected`(text: String) {
        let error = #expect(throws: SigningError.self) { try Signer(key: Self.key).unsign(text) }
        #expect(error?.code == .badSignature)
    }

    @Test func `a signature depends on the salt and key, and fallback keys are accepted`() throws {
        let signed = Signer(key: "old", salt: "cart").sign("7")
        #expect(throws: SigningError.self) { try Signer(key: "old", salt: "order").unsign(signed) }
        #expect(throws: SigningError.self) { try Signer(key: "new", salt: "cart").unsign(signed) }
        let signer = Signer(key: "new", fallbackKeys: ["older", "old"], salt: "cart")
        #expect(try signer.unsign(signed) == "7")
        #expect(signer.sign("7") != signed)
    }

    private struct Cart: Codable, Equatable {
        var name: String
        var items: [Int]
    }

    @Test func `a value is signed as ASCII JSON and compressed if that is shorter`() throws {
        let signer = Signer(key: Self.key, salt: "cart")
        let cart = Cart(name: "Zoë 🛒", items: [1, 2])
        let signed = try signer.signObject(cart)
        #expect(
            signed
                == """
                eyJuYW1lIjoiWm9cdTAwZWIgXHVkODNkXHVkZWQyIiwiaXRlbXMiOlsxLDJdfQ:\
                KKf68XrgNe6PoaCFi85UZi5M8uj_x-kBIEHeI56rYXs
                """
        )
        #expect(try signer.unsignObject(Cart.self, from: signed) == cart)

        let long = Cart(name: "tea", items: [Int](repeating: 7, count: 500))
        let short = try signer.signObject(long, compress: true)
        #expect(short.hasPrefix(".eJy"))
        #expect(short.utf8.count < 150)
        #expect(try signer.unsignObject(Cart.self, from: short) == long)
        let django =
            ".eJyrVspLzE1VslIqSU1U0lHKLEnNLVayijbXGYWjcBQOcxhbCwCehMlK:kXJkTMpW1VwBBMGXt0Wb8URlwB0rnqg34ZSkQtO7hOQ"
        #expect(try signer.unsignObject(Cart.self, from: django) == long)
        #expect(try signer.signObject(cart, compress: true) == signed)
        #expect(try !signer.signObject(1, compress: true).hasPrefix("."))
    }

    @Test(arguments: ["no base64!", ".no base64!", ".AAAA", "AAA"])
    func `a signed text that does not decode to a value is rejected`(text: String) {
        let signer = Signer(key: Self.key)
        #expect(throws: (any Error).self) { try signer.unsignObject(Cart.self, from: signer.sign(text)) }
    }

    @Test func `a signer uses the site's keys, and throws an error without SECRET_KEY or a site`() async throws {
        struct Empty: Site {}
        var site = try await TestSite(
            started: Empty(),
            settings: {
                $0.secretKey = "k"
                $0.secretKeyFallbacks = ["old"]
            })
        #expect(try site.signer(salt: "s").unsign(Signer(key: "old", salt: "s").sign("x")) == "x")
        #expect(try site.signer(salt: "s").sign("x") == Signer(key: "k", salt: "s").sign("x"))
        await site.stop()
        site = try await TestSite(started: Empty(), settings: { $0.secretKey = "" })
        let error = #expect(throws: SiteError.self) { try site.signer(salt: "s") }
        #expect(
            error?.description
                == "Nothing can be signed without a SECRET_KEY. Set one of at least 50 random characters "
                + "in the environment or in settings.env.")
        await site.stop()
        #expect(throws: SiteError.self) { try Request(scope: Scope(path: "/")).timestampSigner(salt: "s") }
    }
}
