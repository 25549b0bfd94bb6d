import StraitCore
import StraitCrypto
import Testing

@Suite struct `Base64 encoding` {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the RFC 4648 §10 vectors match in both directions, padded or not`(plain: String, text: String) {
        let encoded = Base64.standard.encode(Bytes(plain).span)
        #expect(encoded == text)
        #expect(Base64.standard.decode(text) == Array(plain.utf8))
        #expect(Base64.standard.decode(String(text.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test func `the standard and URL-safe alphabets are not interchangeable`() {
        let bytes: Bytes = [0xFB, 0xEF, 0xFF]
        let standard = Base64.standard.encode(bytes.span)
        let urlSafe = Base64.urlSafe.encode(bytes.span)
        #expect(standard == "++//")
        #expect(urlSafe == "--__")
        #expect(Base64.urlSafe.decode("++//") == nil)
        #expect(Base64.standard.decode("--__") == nil)
        #expect(Base64.urlSafe.decode("--__") == Array(bytes))
    }

    @Test(arguments: ["Z", "Zg=", "Z===", "=", "====", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zh==", "Zm9=", "Zé"])
    func `invalid text is rejected, including nonzero trailing bits (RFC 4648 §3.5)`(text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }
}
