import StraitHTTP
import StraitRouting
import Testing

/// The cases of Channels' tests/test_routing.py.
@Suite struct `URL routing` {
    static let router = try! URLRouter {
        rePath(#/^$/#, page("root"))
        rePath(#/^foo/$/#, page("foo"))
        rePath(#/^bar/#, page("bar"))
        rePath(#/^named/(?<name>\w+)/$/#, page("named"))
        rePath(#/^positional/(\w+)/$/#, page("positional"))
        rePath(#/^mixed/(\w+)/(?<name>\w+)/$/#, page("mixed"))
        rePath(#/^defaulted/$/#, page("defaulted"), kwargs: ["default": 42])
        rePath(#/^optional/(?<name>\w+)?$/#, page("optional"))
        path("path/<str:name>/", page("path"))
        path("defaults/<int:default>/", page("defaults"), kwargs: ["default": 42])
        path("exact", page("exact"))
    }

    @Test(
        arguments: [
            ("/", Outcome(text: "root")), ("", Outcome(text: "root")), ("/foo/", Outcome(text: "foo")), ("/foo", nil),
            ("/foo/\n", nil), ("/bar/", Outcome(text: "bar")), ("/bar/baz/", Outcome(text: "bar")),
            ("/named/abc/", Outcome(text: "named", kwargs: ["name": "abc"])),
            ("/positional/123/", Outcome(text: "positional", args: ["123"])),
            ("/mixed/a/b/", Outcome(text: "mixed", kwargs: ["name": "b"])),
            ("/defaulted/", Outcome(text: "defaulted", kwargs: ["default": "42"])),
            ("/optional/", Outcome(text: "optional")),
            ("/optional/x", Outcome(text: "optional", kwargs: ["name": "x"])),
            ("/path/a b/", Outcome(text: "path", kwargs: ["name": "a b"])), ("/path/a/b/", nil), ("/path//", nil),
            ("/defaults/1/", Outcome(text: "defaults", kwargs: ["default": "42"])),
            ("/exact", Outcome(text: "exact")), ("/exact/", nil), ("/exactly", nil), ("/nowhere/", nil),
        ] as [(String, Outcome?)])
    func `the first matching route is used, if any (url_router)`(path: String, expected: Outcome?) async throws {
        #expect(try await outcome(Self.router, path) == expected)
    }

    @Test func `routes match the path without the root path (url_router)`() async throws {
        #expect(try await outcome(Self.router, "/root/foo/", rootPath: "/root")?.text == "foo")
        #expect(try await outcome(Self.router, "/root", rootPath: "/root")?.text == "root")
        let wrong = await failure { _ = try await outcome(Self.router, "/foo/", rootPath: "/root") }
        #expect(wrong?.contains("'/foo/' does not begin with the root path '/root'") == true)
        #expect(await failure { _ = try await outcome(Self.router, "/rooted/foo/", rootPath: "/root") } != nil)
    }

    @Test func `nested routers merge named captures and append positional ones (url_router_nesting)`() async throws {
        let inner = try URLRouter {
            rePath(#/^book/(?<book>[\w\-]+)/page/(?<page>\d+)/$/#, page("book"))
            rePath(#/^test/(\d+)/$/#, page("test"))
        }
        let router = try URLRouter {
            rePath(#/^universe/(?<universe>\d+)/#, inner, kwargs: ["key": "outer"])
            rePath(#/^positional/(\w+)/#, inner)
        }
        #expect(
            try await outcome(router, "/universe/42/book/channels-guide/page/10/")
                == Outcome(
                    text: "book", kwargs: ["universe": "42", "book": "channels-guide", "page": "10", "key": "outer"]))
        #expect(
            try await outcome(router, "/positional/foo/test/3/") == Outcome(text: "test", args: ["foo", "3"]))
    }

    @Test func `a router inside middleware still matches the rest of a path (url_router_nesting_path)`() async throws {
        let inner = try URLRouter { path("room/<int:id>/", page("room")) }
        let router = try URLRouter { path("universe/<int:universe>/", CookieMiddleware(inner)) }
        #expect(
            try await outcome(router, "/universe/5/room/7/")
                == Outcome(text: "room", kwargs: ["universe": "5", "id": "7"]))
        #expect(try await outcome(router, "/universe/5/room/7/blah/") == nil)
        let wrapped = try URLRouter { path("page/", CookieMiddleware(page("page"))) }
        #expect(try await outcome(wrapped, "/page/")?.text == "page")
        #expect(try await outcome(wrapped, "/page/more") == nil)
    }

    @Test func `the outer router continues if an inner router has no matching route (path_remaining)`() async throws {
        let router = try URLRouter {
            include("prefix/", try URLRouter { path("no-match/", page("inner")) })
            path("prefix/stuff/", page("stuff"))
        }
        #expect(try await outcome(router, "/prefix/stuff/")?.text == "stuff")
        #expect(try await outcome(router, "/root/prefix/no-match/", rootPath: "/root")?.text == "inner")
    }

    @Test func `inner captures override outer ones, and kwargs override captures`() async throws {
        let inner = try URLRouter { path("<str:a>/<str:b>/", page("x"), kwargs: ["b": "default"]) }
        let router = try URLRouter { path("<str:a>/", inner, kwargs: ["c": 1]) }
        #expect(
            try await outcome(router, "/outer/inner/given/")
                == Outcome(text: "x", kwargs: ["a": "inner", "b": "default", "c": "1"]))
    }

    @Test func `a regular expression without an anchor matches anywhere, as in Django`() async throws {
        let router = try URLRouter { rePath(#/chat/$/#, page("chat")) }
        #expect(try await outcome(router, "/some/chat/")?.text == "chat")
    }

    @Test func `a router finds pages and WebSockets by the connection's type`() async throws {
        let router = try URLRouter {
            path("chat/", name: "page") { _ in .text("page") }
            path("chat/", socket: "chat")
            path("only/", socket: "only")
            path("page/") { _ in .text("page only") }
        }
        #expect(try await outcome(router, "/chat/")?.text == "page")
        #expect(try await outcome(router, "/chat/", type: .webSocket)?.text == "socket chat")
        #expect(try await outcome(router, "/page/", type: .webSocket) == nil)
        #expect(try await outcome(router, "/nowhere/", type: .webSocket) == nil)
        let resolution = try await router.resolve(Scope(path: "/only/"))
        #expect(refusal(resolution) == 426)
        guard case .response(let response) = resolution?.endpoint else { return }
        #expect(response.headers["upgrade"] == "websocket")
    }

    @Test func `a page in an outer route takes precedence over 426`() async throws {
        let router = try URLRouter {
            include("", CookieMiddleware(try URLRouter { path("chat/", socket: "chat") }))
            path("chat/") { _ in .text("page") }
        }
        #expect(try await outcome(router, "/chat/")?.text == "page")
        #expect(try await outcome(router, "/chat/", type: .webSocket)?.text == "socket chat")
    }

    @Test func `the connection's type selects the application (protocol_type_router)`() async throws {
        let router = ProtocolTypeRouter(http: page("http"), webSocket: Endpoint.webSocket(NamedSocket(name: "ws")))
        #expect(try await outcome(router, "/")?.text == "http")
        #expect(try await outcome(router, "/", type: .webSocket)?.text == "socket ws")
        let lacking = ProtocolTypeRouter(webSocket: Endpoint.webSocket(NamedSocket(name: "ws")))
        // A later route may handle this type.
        let both = try URLRouter {
            lacking
            path("", page("behind"))
        }
        #expect(try await outcome(both, "/")?.text == "behind")
        #expect(try await outcome(both, "/", type: .webSocket)?.text == "socket ws")
        #expect(try await outcome(ProtocolTypeRouter(), "/", type: .webSocket) == nil)
    }

    @Test func `routes can be declared in conditions and loops`() async throws {
        let debug = true
        let router = try URLRouter {
            if debug { path("debug/", page("debug")) }
            for name in ["a", "b"] { path("\(name)/", page(name)) }
        }
        #expect(try await outcome(router, "/debug/")?.text == "debug")
        #expect(try await outcome(router, "/b/")?.text == "b")
    }

    @Test func `include accepts routes in a list or in a block`() async throws {
        let router = try URLRouter {
            include("list/", [path("<int:id>/", name: "item") { _ in .text("x") }], namespace: "list")
            include("block/", namespace: "block", kwargs: ["extra": 1]) {
                path("", name: "index") { _ in .text("x") }
                path("more/") { _ in .text("x") }
            }
        }
        let item = try #require(try await router.resolve(Scope(path: "/list/7/")))
        #expect(item.scope.urlRoute.name == "list:item")
        let index = try #require(try await router.resolve(Scope(path: "/block/")))
        let extra: Int = try index.scope.urlRoute["extra"]
        #expect(index.scope.urlRoute.name == "block:index" && extra == 1)
        #expect(try await router.resolve(Scope(path: "/block/more/")) != nil)
        let none = try await router.resolve(Scope(path: "/list/x/"))
        #expect(none == nil)
    }

    @Test func `an error in an included route is thrown when the outermost router is created`() {
        #expect {
            try URLRouter { include("a/", [path("<int:id") { _ in .notFound }]) }
        } throws: { error in
            (error as? RoutingError)?.description.contains("<int:id") == true
        }
    }

    @Test func `an argument is a String if no other type is expected`() throws {
        let route = URLRoute(kwargs: ["room": "lobby", "id": 7])
        let room = try route["room"]
        let id: Int = try route["id"]
        #expect(room == "lobby" && id == 7)
        #expect("\(try route["room"])" == "lobby")
    }

    @Test func `a path over 1 KiB matches no regular expression`() async throws {
        let router = try URLRouter {
            rePath(#/^b1/(?<x>.+)/(?<y>.+)/$/#) { _ in .text("x") }
        }
        let short = "/b1/" + String(repeating: "a/", count: 500)
        #expect(try await router.resolve(Scope(path: short)) != nil)
        let long = "/b1/" + String(repeating: "a/", count: 3_700)
        #expect(try await router.resolve(Scope(path: long)) == nil)
    }
}
