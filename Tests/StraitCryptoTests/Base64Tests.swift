import StraitCrypto
import StraitNetwork
import Testing

@Suite struct `Bytes as Base64 text` {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the vectors of RFC 4648 §10 hold both ways, padded or not`(plain: String, text: String) {
        let encoded = Base64.standard.encode(Bytes(plain).span)
        #expect(encoded == text)
        #expect(Base64.standard.decode(text) == Array(plain.utf8))
        #expect(Base64.standard.decode(String(text.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test func `the two alphabets differ in two characters and do not mix`() {
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
    func `anything else is refused, bits behind the last byte included (RFC 4648 §3.5)`(text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }
}
