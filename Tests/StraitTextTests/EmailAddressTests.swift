import StraitText
import Testing

/// The expected values are those of Django 5.2.
@Suite struct EmailAddressTests {
    @Test(
        arguments: [
            "a@b.com", "a.b@c.de", "a@xn--a.xn--p1ai", "a@b.xn--p1ai", "a@b.XN--P1AI", "a@b.xn--\u{131}x1",
            "a@b.xn--\u{17F}1", "a@[127.0.0.1]", "a@[::1]", #""a\ b"@c.com"#, #""ab"@c.com"#, #"""@c.com"#,
            "\u{130}@b.com", "\u{131}@b.com", "\u{17F}@b.com", "\u{212A}@b.com", "\"\u{130}\"@b.com", "a@é.com",
            "a@b.éé", "a@\(String(repeating: "b", count: 63)).com", "a@1.2.3.com",
            "\(String(repeating: "a", count: 308))@bcdefgh.com",
        ])
    func `an address that Django accepts is valid in a field and in urlize`(text: String) {
        #expect(EmailAddress.isValid(text, allowsLocalhost: true) && EmailAddress.isValid(text, allowsLocalhost: false))
    }

    @Test(
        arguments: [
            "a@b", ".a@b.com", "a..b@c.com", "a@b.c", "a@b.co1", "a@b.xn--", "a@b.xn---", "a@[1.2.3]",
            "a@[127.0.0.01]", #""a b"@c.com"#, #""a\"@c.com"#, "é@b.com", "a@-b.com", "a@b-.com", "a@b.com.",
            "a@b..com", "a@\(String(repeating: "b", count: 64)).com", "a@b_c.com", "a@b.123", "a@b\u{A0}.com",
            "a@b.com\n", "", "@", "a@@b.com", "a@\u{1F600}.com", "\(String(repeating: "a", count: 309))@bcdefgh.com",
            "a@LOCALHOST",
        ])
    func `an address that Django rejects is invalid in a field and in urlize`(text: String) {
        #expect(!EmailAddress.isValid(text, allowsLocalhost: true))
        #expect(!EmailAddress.isValid(text, allowsLocalhost: false))
    }

    @Test func `localhost is a valid domain in a field, but not in urlize`() {
        #expect(EmailAddress.isValid("a@localhost", allowsLocalhost: true))
        #expect(!EmailAddress.isValid("a@localhost", allowsLocalhost: false))
    }

    @Test func `a domain name may end with a dot in a URL, but not in an email address`() {
        #expect(
            DomainName.isValid("a.com.", allowsFinalDot: true) && !DomainName.isValid("a.com.", allowsFinalDot: false))
        #expect(DomainName.isValid("a.b.xn--p1ai", allowsFinalDot: false))
        #expect(
            !["localhost", "a..com", "a.c", "a.1a", "com."].contains { DomainName.isValid($0, allowsFinalDot: true) })
    }

    @Test func `an IPv4 address has no leading zeros, and an IPv6 address no zone`() {
        #expect(IPAddress.isVersion4("0.10.255.1") && IPAddress.isVersion6("::ffff:1.2.3.4"))
        #expect(!["1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5"].contains(where: IPAddress.isVersion4))
        #expect(!["::1%eth0", "1:2", ":::", "::1\u{0}"].contains(where: IPAddress.isVersion6))
    }
}
