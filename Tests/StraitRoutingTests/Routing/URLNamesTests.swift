import FoundationEssentials
import StraitCore
import StraitHTTP
import StraitRouting
import Testing

@Suite struct `Reversing names` {
    static let application = ProtocolTypeRouter(
        http: try! URLRouter {
            path("", page("index"), name: "index")
            path("rooms/<str:room>/", page("room"), name: "room")
            path("rooms/", page("rooms"), name: "room")
            include(
                "shop/<int:shop>/",
                CookieMiddleware(
                    try! URLRouter {
                        path("item/<slug:item>/", page("item"), name: "item")
                        include("admin/", try! URLRouter { path("", page("x"), name: "index") }, namespace: "admin")
                    }), namespace: "shop")
            path("old/<int:id>/", page("old"), name: "twice")
            path("new/<int:id>/", page("new"), name: "twice")
            path("fixed/", page("fixed"), kwargs: ["page": 1], name: "fixed")
            rePath(#/^archive/(?<year>\d{4})/$/#, page("archive"), template: "archive/<int:year>/", name: "archive")
            rePath(#/^x(\d+)$/#, page("x"), name: "regex")
            path("<path:rest>", page("rest"), name: "rest")
        },
        webSocket: try! URLRouter { path("ws/chat/<str:room>/", socket: "chat", name: "chat") })

    @Test func `names of pages and WebSockets are reversed in the whole application`() throws {
        let names = URLNames(of: Self.application)
        #expect(try names.reverse("index") == "/")
        #expect(try names.reverse("chat", ["room": "lobby"]) == "/ws/chat/lobby/")
        #expect(try names.reverse("room", ["room": "a b/é?".replacing("/", with: "")]) == "/rooms/a%20b%C3%A9%3F/")
        #expect(try names.reverse("room") == "/rooms/")
        #expect(try names.reverse("shop:item", ["shop": 5, "item": "blue-car"]) == "/shop/5/item/blue-car/")
        #expect(try names.reverse("shop:admin:index", ["shop": 5]) == "/shop/5/admin/")
        #expect(try names.reverse("twice", ["id": 1]) == "/new/1/")
        #expect(try names.reverse("archive", ["year": 2024]) == "/archive/2024/")
        #expect(try names.reverse("fixed") == "/fixed/")
        #expect(try names.reverse("fixed", ["page": 1]) == "/fixed/")
    }

    @Test func `a reversed URL begins with the root path and never with two slashes`() throws {
        #expect(try URLNames(of: Self.application, rootPath: "/app").reverse("index") == "/app/")
        #expect(try URLNames(of: Self.application, rootPath: "/app/").reverse("index") == "/app/")
        #expect(try URLNames(of: Self.application).reverse("rest", ["rest": "/evil.example/"]) == "/%2Fevil.example/")
    }

    @Test func `the error for a failed reverse lists the existing names or the tried routes`() async {
        let names = URLNames(of: Self.application)
        let unknown = await failure { _ = try names.reverse("chta") }
        #expect(unknown?.hasPrefix("There is no route named 'chta'. There are: archive, chat, fixed, index, ") == true)
        let lacking = await failure { _ = try names.reverse("chat") }
        #expect(lacking == "No route named 'chat' takes no arguments. Tried: 'ws/chat/<str:room>/'.")
        let surplus = await failure { _ = try names.reverse("index", ["a": 1]) }
        #expect(surplus == "No route named 'index' takes these arguments: a = '1'. Tried: ''.")
        let wrong = await failure { _ = try names.reverse("chat", ["room": "a/b"]) }
        #expect(wrong?.hasPrefix("No route named 'chat' takes these arguments: room = 'a/b'.") == true)
        let regex = await failure { _ = try names.reverse("regex") }
        #expect(regex?.contains("(a regular expression)") == true)
        #expect(await failure { _ = try names.reverse("item", ["item": "a", "shop": 1]) } != nil)
        #expect(await failure { _ = try names.reverse("fixed", ["page": 2]) } != nil)
    }

    @Test func `all routes can be listed`() {
        let listed = Self.application.urlPatterns
        #expect(listed.count == 12)
        #expect(listed.map(\.text).contains("shop/<int:shop>/item/<slug:item>/"))
        #expect(listed.map(\.text).contains(#"^x(\d+)$"#))
        #expect(listed.last?.text == "ws/chat/<str:room>/")
        #expect(listed.last?.kind == .webSocket)
        #expect(listed.last?.arguments == ["room"])
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a reversed name resolves to its route and arguments`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("abcXYZ019-_ .~é🙂%?#&=+:@\\\"<>|")
        func word() -> String {
            String(
                (0..<Int.random(in: 1...8, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
        }
        let router = try URLRouter {
            path("s/<str:a>/<int:b>/", page("strings"), name: "strings")
            include(
                "u/<uuid:id>/", try URLRouter { path("<path:rest>/end", page("inner"), name: "inner") }, namespace: "n")
        }
        let names = URLNames(of: router)
        for _ in 0..<50 {
            let a = word()
            let b = Int.random(in: 0...Int.max, using: &generator)
            let first = try names.reverse("strings", ["a": a, "b": b])
            let decoded = try #require(decode(first))
            #expect(
                try await outcome(router, decoded) == Outcome(text: "strings", kwargs: ["a": a, "b": "\(b)"]),
                "seed \(seed): \(first)")
            let id = UUID(
                uuidString: "00000000-0000-4000-8000-" + String(repeating: "\(b % 10)", count: 12))!
            let rest = word() + "/" + word()
            let second = try names.reverse("n:inner", ["id": id, "rest": rest])
            #expect(
                try await outcome(router, try #require(decode(second)))
                    == Outcome(text: "inner", kwargs: ["id": "\(id)", "rest": rest]),
                "seed \(seed): \(second)")
        }
    }
}
