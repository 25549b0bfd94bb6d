import Strait
import StraitMail
import StraitTesting
import Synchronization
import TestFolders
import Testing

private struct PostSite: Site {
    var routes: [Route] {
        path("send/") { request in
            try await request.sendMail("Hi", "Text", to: ["ann@example.com"])
            return .text("sent")
        }
        path("admins/") { request in
            try await request.service(Mailer.self).mailAdmins("Full", "The disk is full.")
            return .text("sent")
        }
    }
}

/// Returns the backend for the settings, or the error's text.
private func backend(_ change: (inout Settings) -> Void) -> (any EmailBackend)? {
    var settings = Settings()
    change(&settings)
    return try? Mailer(settings).backend
}

private func problem(_ change: (inout Settings) -> Void) -> String? {
    var settings = Settings()
    change(&settings)
    do throws(MailError) {
        _ = try Mailer(settings)
        return nil
    } catch { return error.description }
}

@Suite struct MailerTests {
    @Test func `a site under test keeps its mail in memory`() async throws {
        try await TestSite(PostSite(), settings: { $0.defaultFromEmail = "Desk <desk@example.com>" }) { site in
            #expect(await site.outbox.isEmpty)
            let page = try await site.client.get("/send/")
            #expect(page.text == "sent")
            #expect(await site.outbox.map(\.message.subject) == ["Hi"])
            #expect(await site.outbox.first?.sender == "desk@example.com")
            #expect(await site.outbox.first?.text.contains("From: Desk <desk@example.com>\r\n") == true)
        }
    }

    @Test func `mail to the admins has the subject prefix and the server's address`() async throws {
        try await TestSite(PostSite()) { site in
            let page = try await site.client.get("/admins/")
            #expect(page.text == "sent")
            #expect(await site.outbox.isEmpty)
        }
        try await TestSite(PostSite(), settings: { $0.admins = ["Op <op@example.com>"] }) { site in
            _ = try await site.client.get("/admins/")
            #expect(await site.outbox.first?.message.subject == "[Strait] Full")
            #expect(await site.outbox.first?.sender == "root@localhost")
        }
    }

    @Test func `mail can be sent after the response, and a failure is logged`() async throws {
        try await TestSite(PostSite()) { site in
            let mailer = try site.service(Mailer.self)
            mailer.sendLater { [EmailMessage("Later", to: ["ann@example.com"])] }
            mailer.sendLater { [EmailMessage("Bad\nSubject", to: ["ann@example.com"])] }
            #expect(await site.outbox.map(\.message.subject) == ["Later"])
        }
    }

    @Test func `EMAIL_BACKEND has short names and Django's paths`() {
        #expect(backend { _ in } is SMTPEmailBackend)
        #expect(backend { $0.emailBackend = "console" } is ConsoleEmailBackend)
        #expect(backend { $0.emailBackend = "django.core.mail.backends.locmem.EmailBackend" } is MemoryEmailBackend)
        #expect(backend { $0.emailBackend = "django.core.mail.backends.dummy.EmailBackend" } is DummyEmailBackend)
        let file = backend {
            $0.emailBackend = "django.core.mail.backends.filebased.EmailBackend"
            $0.emailFilePath = "/tmp/mail"
        }
        #expect((file as? FileEmailBackend)?.folder == "/tmp/mail")
        let smtp = backend {
            $0.emailHost = "mail.example.com"
            $0.emailPort = 587
            $0.emailUseTLS = true
            $0.emailHostUser = "desk"
            $0.emailTimeout = 5
        }
        #expect((smtp as? SMTPEmailBackend)?.security == .startTLS)
        #expect((smtp as? SMTPEmailBackend)?.description == "desk@mail.example.com:587")
    }

    @Test func `invalid settings are errors with advice`() {
        #expect(
            problem { $0.emailBackend = "sendmail" }
                == "EMAIL_BACKEND: 'sendmail' is not a backend. Write one of smtp, console, file, memory, dummy.")
        #expect(
            problem { $0.emailBackend = "file" }
                == "EMAIL_BACKEND is 'file', but EMAIL_FILE_PATH is not set. Set it to the folder for the messages.")
        #expect(
            problem {
                $0.emailUseTLS = true
                $0.emailUseSSL = true
            }?.hasPrefix("EMAIL_USE_TLS and EMAIL_USE_SSL are both set.") == true)
        #expect(problem { $0.emailPort = 0 } == "EMAIL_PORT: 0 is not a port. Write one from 1 to 65535.")
    }
}
