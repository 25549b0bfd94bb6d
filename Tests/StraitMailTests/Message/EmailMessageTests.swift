import Testing

@testable import StraitMail

extension EmailMessage {
    /// The text of the message at a fixed time.
    func text() throws -> String {
        try encoded(defaultSender: "site@example.com", now: 1_796_071_357, id: "id").text
    }
}

/// Returns the error of a message.
func mailError(_ message: EmailMessage) -> MailError? {
    do throws(MailError) {
        _ = try message.encoded(defaultSender: "site@example.com", now: 0)
        return nil
    } catch { return error }
}

@Suite struct EmailMessageTests {
    @Test func `a plain message has its headers and CRLF line endings (RFC 5322)`() throws {
        let message = EmailMessage(
            "Hello", "One\nTwo\r\nThree", to: ["Ann <ann@example.com>", "bob@example.com"], cc: ["cy@example.com"],
            bcc: ["secret@example.com"], replyTo: ["desk@example.com"], headers: ["X-Tag": "7"])
        #expect(
            try message.text()
                == """
                Subject: Hello
                From: site@example.com
                To: Ann <ann@example.com>, bob@example.com
                Cc: cy@example.com
                Reply-To: desk@example.com
                Date: Mon, 30 Nov 2026 20:42:37 +0000
                Message-ID: <id@example.com>
                X-Tag: 7
                MIME-Version: 1.0
                Content-Type: text/plain; charset="utf-8"
                Content-Transfer-Encoding: 7bit

                One
                Two
                Three

                """.replacing("\n", with: "\r\n"))
        let encoded = try message.encoded(defaultSender: "a@b.com", now: 0)
        #expect(encoded.recipients == ["ann@example.com", "bob@example.com", "cy@example.com", "secret@example.com"])
    }

    @Test(arguments: ["a\nBcc: eve@example.com", "a\r\nX: 1", "a\rb", "a\u{0}b"])
    func `a line break or a control character in a header is rejected`(_ text: String) {
        let messages = [
            EmailMessage(text, to: ["a@example.com"]), EmailMessage(from: "A \(text) <a@example.com>"),
            EmailMessage(to: ["a@example.com\(text)"]), EmailMessage(cc: [text]), EmailMessage(bcc: [text]),
            EmailMessage(replyTo: [text]), EmailMessage(headers: ["X-A": text]),
            EmailMessage(headers: ["X\(text)": "1"]),
        ]
        for message in messages { #expect(mailError(message)?.code == .badHeader, "\(message)") }
        #expect(
            mailError(EmailMessage("a\nb"))?.description == """
                There is a line break in the header Subject, which could add headers to the message. Remove it, or \
                reject the input.
                """)
        #expect(mailError(EmailMessage("a\u{0}b"))?.description.contains("control character U+0000") == true)
    }

    @Test(arguments: [
        "", "ann", "ann@", "@example.com", "Ann", "a b@example.com", "<a@b.com", "a@b.com, c@d.com", "a@b.com>",
        "A <a@b.com> <c@d.com> e", "ünï@example.com",
    ])
    func `text that is not an address is rejected`(_ text: String) {
        #expect(mailError(EmailMessage(to: [text]))?.code == .invalidAddress, "\(text)")
    }

    @Test func `names and domains of any script are encoded`() throws {
        #expect(
            try MailAddress("Ännchen <ann@bücher.example>").header
                == "=?utf-8?b?w4RubmNoZW4=?= <ann@xn--bcher-kva.example>")
        #expect(try MailAddress(#""Smith, \"Al\"" <al@example.com>"#).header == #""Smith, \"Al\"" <al@example.com>"#)
        #expect(try MailAddress("A. B. <a@example.com>").header == #""A. B." <a@example.com>"#)
        #expect(try MailAddress(" root@mail ").header == "root@mail")
        #expect(try MailAddress("<a@localhost>").header == "a@localhost")
    }

    @Test func `lines with spaces have at most 78 characters, and no encoded word splits a character`() throws {
        for subject in [
            String(repeating: "word ", count: 100), String(repeating: "wörd🔑", count: 100),
            String(repeating: "x", count: 2000), "=?utf-8?q?fake?=",
        ] {
            let text = try EmailMessage(subject, to: Array(repeating: "Ännchen <ann@example.com>", count: 20)).text()
            for line in text.split(separator: "\r\n") { #expect(line.utf8.count <= 78, "\(line)") }
        }
    }

    @Test func `a message with HTML has both parts (RFC 2046 §5.1.4)`() throws {
        let text = try EmailMessage("Hi", "Grüße ", html: "<p>Grüße</p>", to: ["a@example.com"]).text()
        #expect(text.contains("Content-Type: multipart/alternative;\r\n boundary=\"=_id\"\r\n\r\n--=_id\r\n"))
        #expect(text.contains("Gr=C3=BC=C3=9Fe=20\r\n--=_id\r\n"))
        #expect(text.hasSuffix("<p>Gr=C3=BC=C3=9Fe</p>\r\n--=_id--\r\n"))
    }

    @Test func `the default headers can be replaced, except those of the content`() throws {
        let text = try EmailMessage("a", headers: ["message-id": "<own@x>", "Date": "today"]).text()
        #expect(text.contains("message-id: <own@x>") && !text.contains("Message-ID:") && text.contains("Date: today"))
        for name in ["Content-Type", "mime-version", "Bcc", "", "a b", "a:"] {
            #expect(mailError(EmailMessage(headers: [name: "x"]))?.code == .badHeader)
        }
    }
}
