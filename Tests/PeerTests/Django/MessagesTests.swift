import Strait
import StraitLayers
import StraitTesting
import Testing

/// A site that adds the messages of a query, and shows them.
private struct MessageSite: Strait.Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), MessagesApp()] }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] {
        path("notify/") { request in
            let list = try LayerMessage(json: Bytes(request.query["messages"] ?? ""))["list"]?.array ?? []
            for message in list {
                let parts = try #require(message.array)
                let level = MessageLevel(rawValue: try #require(parts[0].int))
                let (text, tags) = (try #require(parts[1].string), parts[3].string ?? "")
                if parts[2] == .bool(true) {
                    try request.messages.add(level, SafeString(text), extraTags: tags)
                } else {
                    try request.messages.add(level, text, extraTags: tags)
                }
            }
            return .text("")
        }
        path("shown/") { request in
            let shown = try request.messages.read().map { message -> LayerValue in
                .array([
                    .int(message.level.rawValue), .string(message.text), .bool(message.isSafe),
                    message.extraTags.map { .string($0) } ?? .null, .string(message.tags),
                ])
            }
            return .text(String(decoding: try (["list": .array(shown)] as LayerMessage).json(), as: UTF8.self))
        }
    }
}

@Suite struct `Messages of Django` {
    private static let key = "django-insecure-test-secret-key-0123456789"

    private static let long = (0..<40).map { index -> LayerValue in
        let text = "\(index) \(index &* 7_919_191 % 99_991) Grüße"
        return .array([.int(20), .string(text), .bool(index % 2 == 0), "x", "x info"])
    }

    private static let some: [LayerValue] = [
        .array([.int(25), "hi", .bool(false), "", "success"]),
        .array([.int(40), "<b>Ünï</b> 🔑 \"\\\n", .bool(true), "big red", "big red error"]),
        .array([.int(29), "custom", .bool(false), "", ""]),
    ]

    private func cookies(_ site: TestSite) -> LayerValue {
        .object(LayerMessage(many: site.client.cookies.map { ($0.key, .string($0.value)) }))
    }

    private func set(_ cookies: LayerValue?, _ site: TestSite) throws {
        site.client.cookies = [:]
        guard case .object(let object)? = cookies else { throw PeerError("no cookies") }
        for (name, value) in object.elements { site.client.cookies[name] = value.string }
    }

    @Test(arguments: ["cookie.Cookie", "session.Session", "fallback.Fallback"], [false, true])
    func `a message of either side is shown by the other, and then gone on both`(
        _ storage: String, _ isLong: Bool
    ) async throws {
        // Forty messages do not fit into the cookie alone.
        if isLong, storage == "cookie.Cookie" { return }
        let name = "django.contrib.messages.storage.\(storage)Storage"
        try await TestSite(
            MessageSite(),
            settings: {
                $0.secretKey = Self.key
                $0.messageStorage = name
            }
        ) { site in
            let django = try DjangoAccounts(
                database: try #require(site.settings.databaseURL), key: Self.key,
                settings: "{\"MESSAGE_STORAGE\": \"\(name)\"}")
            defer { django.end() }
            let messages = isLong ? Self.long : Self.some
            // From Django to Strait.
            let sent = LayerValue.array(messages.map { .array(Array(($0.array ?? [])[..<4])) })
            try set(try await django.do("notify", ["messages": sent]), site)
            let page = try LayerMessage(json: Bytes(try await site.client.get("/shown/").text))
            #expect(page["list"]?.array == messages)
            #expect(site.client.cookies["messages"] == nil)
            let after = try await django.do("shown", ["cookies": cookies(site)])
            #expect(after.object?["messages"] == .array([]))
            // From Strait to Django.
            site.client.cookies = [:]
            let text = String(decoding: try (["list": sent] as LayerMessage).json(), as: UTF8.self)
            let query = text.utf8.map { byte in
                let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
                return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            _ = try await site.client.get("/notify/?messages=" + query.joined())
            let shown = try await django.do("shown", ["cookies": cookies(site)])
            #expect(shown.object?["messages"] == .array(messages))
            try set(shown.object?["cookies"], site)
            #expect(try await site.client.get("/shown/").text == #"{"list":[]}"#)
        }
    }
}
