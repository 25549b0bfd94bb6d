import FoundationEssentials
import StraitCore
import StraitTesting
import StraitText
import Testing

@testable import StraitMessages
@testable import StraitWeb

@Suite struct `Messages in Django's formats` {
    private static let settings = {
        var settings = Settings()
        settings.secretKey = "django-insecure-test-secret-key-0123456789"
        return settings
    }()
    private static let time: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_700_000_000) }
    private static let vector =
        "W1siX19qc29uX21lc3NhZ2UiLDAsMjUsImhpIl1d:1r31eq:Q7LYFiGBJV3Xz1ghZ0ca8kJ2sLHvSnfbNSy-gG9-bpY"

    @Test func `Django's cookie is read, and written byte for byte`() throws {
        let cookie = MessageCookie(Self.settings, now: Self.time)
        let read = try #require(cookie.read(Self.vector))
        #expect(read.isFinished)
        #expect(read.messages == [FlashMessage(.success, "hi", extraTags: nil)])
        #expect(try cookie.write(read.messages, dropsOldest: false).value == Self.vector)
    }

    @Test func `a cookie that was signed with a former key is accepted, and a new one has the current key`() throws {
        var settings = Self.settings
        settings.secretKeyFallbacks = [settings.secretKey]
        settings.secretKey = "another secret key with many characters 0123456789"
        let cookie = MessageCookie(settings, now: Self.time)
        let read = try #require(cookie.read(Self.vector))
        #expect(read.messages.map(\.text) == ["hi"])
        #expect(try cookie.write(read.messages, dropsOldest: false).value != Self.vector)
        settings.secretKeyFallbacks = []
        #expect(MessageCookie(settings, now: Self.time).read(Self.vector) == nil)
    }

    @Test(arguments: ["", "plain", "\"quotes\" \\ \u{1}\n\t", "Ünï 🔑", "</script>"])
    func `a message is the same after it is written and read`(_ text: String) throws {
        for message in [
            FlashMessage(.info, text), FlashMessage(.error, text, isSafe: true, extraTags: text),
            FlashMessage(MessageLevel(rawValue: -3), text, extraTags: nil),
        ] {
            let json = MessageText.list([MessageText.json(message), MessageText.json(message)])
            let read = try #require(MessageText.read(json))
            #expect(read.messages == [message, message])
        }
    }

    @Test func `an empty message is not kept`() async throws {
        let messages = Messages()
        messages.info("")
        messages.add(.info, SafeString(""))
        #expect(messages.isEmpty)
        #expect(messages.remaining == nil)
    }

    @Test func `the session's text has the spaces of Python's json`() {
        let json = MessageText.list(
            [MessageText.json(FlashMessage(.success, "a", extraTags: "b"), separator: ", ")], separator: ", ")
        #expect(String(decoding: json, as: UTF8.self) == #"[["__json_message", 0, 25, "a", "b"]]"#)
    }

    @Test(arguments: [true, false])
    func `the cookie holds as many messages as possible`(_ dropsOldest: Bool) throws {
        let cookie = MessageCookie(Self.settings, now: Self.time)
        var random = SeededGenerator(seed: 5)
        let messages = (0..<200).map { _ in
            FlashMessage(.info, String(UInt64.random(in: 0 ... .max, using: &random)) + "x")
        }
        let written = try cookie.write(messages, dropsOldest: dropsOldest)
        let value = try #require(written.value)
        #expect(value.utf8.count <= 2048)
        let read = try #require(cookie.read(value))
        #expect(!read.isFinished)
        #expect(dropsOldest ? written.others + read.messages == messages : read.messages + written.others == messages)
        // One more would not fit.
        let count = read.messages.count + 1
        let more = dropsOldest ? Array(messages.suffix(count)) : Array(messages.prefix(count))
        let parts = more.map { MessageText.json($0) }
        let signer = TimestampSigner(
            key: "django.http.cookies" + Self.settings.secretKey, salt: "django.contrib.messages", now: Self.time)
        let larger = try signer.sign(json: MessageText.list(parts, isFinished: false), compress: true)
        #expect(larger.utf8.count > 2048)
    }

    @Test func `any bytes are read as messages or as no messages`() async throws {
        try await withSeeds(200) { seed in
            var random = SeededGenerator(seed: seed)
            var bytes = Array(#"[["__json_message",0,25,"a","b"],"__messagesnotfinished__"]"#.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: place)
                }
            }
            _ = MessageText.read(Bytes(bytes))
        }
    }
}
