internal import StraitCore
internal import StraitCrypto
internal import StraitHTTP

extension EmailMessage {
    /// Encodes the message for a mail server.
    ///
    /// - Parameters:
    ///   - defaultSender: The address of the sender if the message has none.
    ///   - now: The time of the message, in seconds since 1970.
    ///   - id: A unique text for the `Message-ID`.
    /// - Throws: ``MailError/Code/badHeader``; ``MailError/Code/invalidAddress``.
    func encoded(defaultSender: String, now: Int, id: String = Self.randomID()) throws(MailError) -> EncodedEmail {
        let sender = try MailAddress(from ?? defaultSender)
        let recipients = try Self.addresses(recipients)
        var own: [(name: String, value: String)] = [
            ("Subject", try Self.checked("Subject", subject)), ("From", sender.header),
        ]
        for (name, list) in [("To", to), ("Cc", cc), ("Reply-To", replyTo)] where !list.isEmpty {
            own.append((name, try Self.addresses(list).map(\.header).joined(separator: ", ")))
        }
        let domain = sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
        own.append(("Date", Self.date(now)))
        own.append(("Message-ID", "<\(id)@\(domain)>"))
        var text = ""
        for (name, value) in own where given(name) == nil { text += HeaderText.line(name, value) }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            text += HeaderText.line(name, try Self.checked(name, value))
        }
        let readable = try content(id, isReadable: true)
        return EncodedEmail(
            message: self, sender: sender.address, recipients: recipients.map(\.address),
            text: text + (try content(id, isReadable: false)),
            readableText: String(decoding: (text + readable).utf8.filter { $0 != 0x0D }, as: UTF8.self))
    }

    /// Returns the content headers and the content.
    ///
    /// - Parameter isReadable: Whether the text is UTF-8. Otherwise it is ASCII, which all servers accept.
    private func content(_ id: String, isReadable: Bool) throws(MailError) -> String {
        var text = "MIME-Version: 1.0\r\n"
        if let html {
            let boundary = "=_" + id.filter { $0 != "." }
            text += "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n\r\n"
            for (type, content) in [("plain", body), ("html", html)] {
                text += "--\(boundary)\r\n" + Self.part(type, content, isReadable)
            }
            text += "--\(boundary)--\r\n"
        } else {
            text += Self.part("plain", body, isReadable)
        }
        return text
    }

    private static func addresses(_ texts: [String]) throws(MailError) -> [MailAddress] {
        var found: [MailAddress] = []
        for text in texts { found.append(try MailAddress(text)) }
        return found
    }

    /// The value of a header in ``headers``, or nil. Names are compared without case.
    private func given(_ name: String) -> String? {
        headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    /// Returns the encoded value of a header.
    private static func checked(_ name: String, _ value: String) throws(MailError) -> String {
        let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
        guard isName else {
            throw MailError(
                .badHeader, "\(name.debugDescription) is not a header name. Use letters, digits and hyphens.")
        }
        if ["mime-version", "content-type", "content-transfer-encoding", "bcc"].contains(name.lowercased()) {
            throw MailError(
                .badHeader, "The header \(name) is written by the framework. Set the message's properties instead.")
        }
        try HeaderText.check(value, in: "the header \(name)")
        return HeaderText.text(value)
    }

    /// Returns a text as a MIME part with its headers. ASCII text with short lines stays unchanged; other text is
    /// quoted-printable, or 8-bit if the part is for people and the lines are short.
    private static func part(_ type: String, _ content: String, _ isReadable: Bool) -> String {
        let lines = lines(of: content)
        let isPlain = lines.allSatisfy { line in line.count <= 900 && line.allSatisfy { $0 < 0x80 && $0 != 0 } }
        var text = "Content-Type: text/\(type); charset=\"utf-8\"\r\n"
        let is8Bit = isReadable && !isPlain && lines.allSatisfy { $0.count <= 900 }
        let encoding = isPlain ? "7bit" : is8Bit ? "8bit" : "quoted-printable"
        text += "Content-Transfer-Encoding: \(encoding)\r\n\r\n"
        for line in lines {
            text += (isPlain || is8Bit ? String(decoding: line, as: UTF8.self) : quoted(line)) + "\r\n"
        }
        return text
    }

    /// Returns the lines of a text. CRLF, CR and LF end a line. The end of the last line is optional.
    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0D || byte == 0x0A && previous != 0x0D {
                lines.append([])
            } else if byte != 0x0A {
                lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Encodes a line as quoted-printable (RFC 2045 §6.7), in lines of at most 76 characters.
    private static func quoted(_ line: [UInt8]) -> String {
        var result = ""
        var width = 0
        for (index, byte) in line.enumerated() {
            let isSpaceAtEnd = (byte == 0x20 || byte == 0x09) && index == line.count - 1
            let isPlain = (0x20...0x7E).contains(byte) && byte != 0x3D || byte == 0x09
            let word: String
            if isPlain && !isSpaceAtEnd {
                word = String(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                word = "=" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
            if width + word.utf8.count > 75 {
                result += "=\r\n"
                width = 0
            }
            result += word
            width += word.utf8.count
        }
        return result
    }

    /// Returns a date in the format of RFC 5322 §3.3: `Mon, 30 Nov 2026 20:42:37 +0000`.
    private static func date(_ seconds: Int) -> String {
        HTTPDate(secondsSinceEpoch: seconds).description.replacing("GMT", with: "+0000")
    }

    private static func randomID() -> String { randomText(32, of: "abcdefghijklmnopqrstuvwxyz0123456789") }
}
