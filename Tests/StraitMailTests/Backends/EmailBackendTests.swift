import Foundation
import Synchronization
import TestFolders
import Testing

@testable import StraitMail

@Suite struct EmailBackendTests {
    private func message(_ subject: String) throws -> EncodedEmail {
        try EmailMessage(subject, "Text", to: ["ann@example.com"]).encoded(defaultSender: "site@example.com", now: 0)
    }

    @Test func `the console shows each message, followed by a line`() throws {
        let lines = Mutex("")
        let backend = ConsoleEmailBackend { text in lines.withLock { $0 += text + "\n" } }
        try backend.send([message("One"), message("Two")])
        let text = lines.withLock { $0 }
        #expect(text.hasPrefix("Subject: One\nFrom: site@example.com\nTo: ann@example.com\n"))
        #expect(text.contains("\n\nText\n" + String(repeating: "-", count: 79) + "\nSubject: Two\n"))
        #expect(!text.contains("\r"))
    }

    @Test func `a link in non-ASCII text is not split`() throws {
        let lines = Mutex("")
        let backend = ConsoleEmailBackend { text in lines.withLock { $0 += text } }
        let link = "http://example.com/" + String(repeating: "a=b", count: 40)
        let message = EmailMessage("Grüße", "Für dich: \(link)", to: ["ann@example.com"])
        try backend.send([message.encoded(defaultSender: "site@example.com", now: 0)])
        let text = lines.withLock { $0 }
        #expect(text.contains("Content-Transfer-Encoding: 8bit\n\nFür dich: \(link)\n"))
    }

    @Test func `a file has the messages of one call, and only the owner can read it`() async throws {
        try await withTemporaryFolder { folder in
            let backend = FileEmailBackend(folder + "/mail", now: { Date(timeIntervalSince1970: 7) })
            try backend.send([])
            try backend.send([message("One"), message("Two")])
            try backend.send([message("Three")])
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/mail")
            #expect(names.count == 2)
            #expect(names.allSatisfy { $0.hasPrefix("7000-") && $0.hasSuffix(".log") })
            let texts = try names.map { try String(contentsOfFile: folder + "/mail/" + $0, encoding: .utf8) }
            #expect(texts.contains { $0.contains("Subject: One\n") && $0.contains("Subject: Two\n") })
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/mail/" + names[0])[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func `a folder that is not writable is an error that names the setting`() throws {
        do {
            try FileEmailBackend("/proc/none").send([message("One")])
            Issue.record("no error")
        } catch let error as MailError {
            #expect(error.code == .storage)
            #expect(error.description.hasPrefix("The message cannot be written to '/proc/none': "))
            #expect(error.description.hasSuffix("Set EMAIL_FILE_PATH to a folder that the program can write to."))
        }
    }
}
