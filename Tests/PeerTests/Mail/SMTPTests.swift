import RedisServers
import Strait
import StraitCore
import StraitLayers
import StraitTesting
import TestFolders
import Testing

/// An aiosmtpd mail server in its own process.
private final class MailServer: Sendable {
    private let dialogue: Dialogue
    let port: Int

    init(_ mode: String, _ certificate: [String] = []) async throws {
        dialogue = try Dialogue(Checkout.python, ["-B", Checkout.peer("mail/smtp.py"), mode] + certificate)
        port = Int(try await dialogue.line { Int($0) != nil }) ?? 0
    }

    deinit { dialogue.end() }

    /// Returns the first message with a subject.
    func message(_ subject: String) async throws -> LayerMessage {
        let line = try await dialogue.line { line in
            guard line.hasPrefix("{"), let message = try? LayerMessage(json: Bytes(line)) else { return false }
            return message["headers"]?.object?["Subject"]?.string == subject
        }
        return try LayerMessage(json: Bytes(line))
    }
}

private struct PostSite: Strait.Site {
    var backend: SMTPEmailBackend
    init() { backend = SMTPEmailBackend() }
    init(_ backend: SMTPEmailBackend) { self.backend = backend }
    func services(_ settings: Settings) throws -> [any Service] { [try Mailer(settings, backend: backend)] }
}

private struct MessageWasSent: Error {}

@Suite struct SMTPTests {
    /// Sends messages through a server.
    private func send(
        _ messages: [EmailMessage], port: Int, _ change: (inout SMTPEmailBackend) -> Void = { _ in }
    ) async throws {
        var backend = SMTPEmailBackend()
        backend.host = "127.0.0.1"
        backend.port = port
        change(&backend)
        try await TestSite(PostSite(backend), settings: { $0.defaultFromEmail = "Désk <desk@example.com>" }) { site in
            try await site.service(Mailer.self).send(messages)
        }
    }

    private func error(
        _ message: EmailMessage, port: Int, _ change: (inout SMTPEmailBackend) -> Void = { _ in }
    ) async throws -> MailError {
        do { try await send([message], port: port, change) } catch let error as MailError { return error }
        throw MessageWasSent()
    }

    @Test func `Python reads a message as it was written`() async throws {
        let server = try await MailServer("plain")
        let long = String(repeating: "Zeile ünd 🔑 ", count: 30) + "end"
        let body = "Grüße\n.\n..two\n\n  indented \n\(long)\nend"
        let message = EmailMessage(
            "Ünïcode 🔑 \(long)", body, html: "<p>\(long)</p>", to: ["Ännchen, Smith <ann@bücher.example>", "b@b.com"],
            bcc: ["hidden@example.com"], replyTo: ["desk@example.com"])
        try await send([message, EmailMessage("second", "two", to: ["b@b.com"])], port: server.port)
        let first = try await server.message(message.subject)
        #expect(first["from"] == "desk@example.com")
        #expect(first["to"] == .array(["ann@xn--bcher-kva.example", "b@b.com", "hidden@example.com"]))
        #expect(first["names"] == .array(["Ännchen, Smith", ""]))
        #expect(first["defects"] == .array([]))
        let parts = try #require(first["parts"]?.object)
        #expect(parts["text/plain"]?.string == body)
        #expect(parts["text/html"]?.string == "<p>\(long)</p>")
        let headers = try #require(first["headers"]?.object)
        #expect(headers["From"]?.string == "Désk <desk@example.com>")
        #expect(headers["Bcc"] == nil)
        #expect(headers["Message-ID"]?.string?.hasSuffix("@example.com>") == true)
        #expect(headers["Date"]?.string?.hasSuffix("+0000") == true)
        let second = try await server.message("second")
        #expect(second["parts"]?.object?["text/plain"]?.string == "two\n")
    }

    @Test func `a rejected recipient, sender or message is an error that names it`() async throws {
        let server = try await MailServer("plain")
        let recipient = try await error(
            EmailMessage("a", to: ["ann@example.com", "refused@example.com"]), port: server.port)
        #expect(recipient.code == .refusedRecipient)
        #expect(
            recipient.description == """
                The mail server 127.0.0.1:\(server.port) does not accept the recipient refused@example.com: "550 \
                5.1.1 No such user". Correct the address. The message was not sent to any recipient.
                """)
        let sender = try await error(
            EmailMessage("a", from: "bad@example.com", to: ["ann@example.com"]), port: server.port)
        #expect(sender.code == .refusedSender)
        #expect(sender.description.contains("does not accept the sender: \"550 5.1.8 No such sender\". Correct"))
        let spam = try await error(EmailMessage("a", "spam", to: ["ann@example.com"]), port: server.port)
        #expect(spam.code == .refusedMessage)
        #expect(spam.description.contains("does not accept the message: \"554 5.7.1 This is spam\". Correct"))
    }

    @Test func `a login is needed if the server requires one, and a wrong password is an error`() async throws {
        let server = try await MailServer("auth")
        let message = EmailMessage("known", to: ["ann@example.com"])
        try await send([message], port: server.port) {
            $0.user = "desk"
            $0.password = "s3cret"
        }
        #expect(try await server.message("known")["user"] != .null)
        let wrong = try await error(message, port: server.port) {
            $0.user = "desk"
            $0.password = "wr0ng-password"
        }
        #expect(wrong.code == .authentication)
        #expect(wrong.description.contains("does not accept the user 'desk' with this password: \"535 "))
        #expect(wrong.description.hasSuffix("Correct EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."))
        #expect(!wrong.description.contains("wr0ng"))
        let none = try await error(message, port: server.port)
        #expect(none.code == .refusedSender)
        #expect(none.description.contains("set EMAIL_HOST_USER if the server requires a login"))
    }

    @Test func `a server that hangs or does not run is an error`() async throws {
        let server = try await MailServer("hang")
        let message = EmailMessage("a", to: ["ann@example.com"])
        let late = try await error(message, port: server.port) { $0.timeout = .milliseconds(300) }
        #expect(late.code == .timeout)
        #expect(late.description.contains("did not answer within 0.3 seconds. Check EMAIL_HOST and EMAIL_PORT"))
        let none = try await error(message, port: 1)
        #expect(none.code == .connection)
        #expect(
            none.description == """
                The mail server 127.0.0.1:1 does not accept connections. Start it, or correct EMAIL_HOST and \
                EMAIL_PORT.
                """)
    }

    @Test(arguments: ["starttls", "tls"])
    func `a connection is encrypted, and an untrusted certificate is rejected`(_ mode: String) async throws {
        try await withTemporaryFolder { folder in
            let (certificate, key) = (folder + "/certificate.pem", folder + "/key.pem")
            _ = try await Peer.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                    certificate,
                ])
            let server = try await MailServer(mode, [certificate, key])
            let message = EmailMessage("safe", to: ["ann@example.com"])
            let security = mode == "tls" ? SMTPEmailBackend.Security.tls : .startTLS
            try await send([message], port: server.port) {
                $0.security = security
                $0.certificateAuthorities = certificate
            }
            #expect(try await server.message("safe")["tls"] == .bool(true))
            let stranger = try await error(message, port: server.port) { $0.security = security }
            #expect(stranger.code == .tls)
            #expect(stranger.description.contains("is not valid for this name or not trusted. Set EMAIL_HOST"))
        }
        let plain = try await MailServer("plain")
        let none = try await error(EmailMessage("a", to: ["ann@example.com"]), port: plain.port) {
            $0.security = .startTLS
        }
        #expect(none.code == .tls)
        #expect(none.description.contains("does not support STARTTLS. Unset EMAIL_USE_TLS, or set EMAIL_USE_SSL"))
    }
}
