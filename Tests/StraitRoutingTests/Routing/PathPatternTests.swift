import FoundationEssentials
import StraitHTTP
import StraitRouting
import Testing

@Suite struct `Path patterns` {
    @Test(
        arguments: [
            ("<a>", "x y", "x y"), ("<str:a>", "é", "é"), ("<str:a>", "a/b", nil), ("<int:a>", "0042", "42"),
            ("<int:a>", "-1", nil), ("<int:a>", "99999999999999999999", nil), ("<int:a>", "1a", nil),
            ("<slug:a>", "Ab-1_c", "Ab-1_c"), ("<slug:a>", "a.b", nil), ("<slug:a>", "é", nil),
            ("<uuid:a>", "075194d3-6885-417e-a8a8-6c931e272f00", "075194D3-6885-417E-A8A8-6C931E272F00"),
            ("<uuid:a>", "075194D3-6885-417E-A8A8-6C931E272F00", nil), ("<uuid:a>", "075194d3", nil),
            ("<path:a>", "x/y/z", "x/y/z"), ("<path:a>/end", "x/end/end", "x/end"), ("<str:a>.<str:b>", "x.y.z", "x.y"),
            ("<int:a>-x", "5-x", "5"), ("<str:a>x", "xx", "x"), ("a<str:a>", "a", nil), ("ü/<a>", "ü/ß", "ß"),
        ] as [(String, String, String?)])
    func `converters match and convert as in Django (url_router_path)`(
        pattern: String, text: String, expected: String?
    ) async throws {
        let router = try URLRouter([path(pattern, page("x"))])
        #expect(try await outcome(router, "/" + text)?.kwargs["a"] == expected)
    }

    @Test(arguments: [
        ("/a", "URL route '/a' begins with a slash"),
        ("<str:a b>", "URL route '<str:a b>' cannot contain whitespace in angle brackets"),
        ("<int:1a>", "uses parameter name '1a' which isn't a valid identifier."), ("<>", "parameter name ''"),
        ("<a>/<int:a>", "URL route '<a>/<int:a>' uses parameter name 'a' more than once."),
        ("<nope:a>", "uses invalid converter 'nope'; there are: "), ("<a", "has a '<' without its '>'."),
        ("a>", "has a '>' without its '<'."),
    ])
    func `creating a router with an invalid pattern throws the reason (invalid_routes)`(
        pattern: String, reason: String
    ) {
        let error = #expect(throws: RoutingError.self) { try URLRouter([path(pattern, page("x"))]) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.code == .badPattern)
        #expect(throws: RoutingError.self) { try URLRouter { rePath(#/x/#, page("x"), template: pattern) } }
    }

    struct Year: Converter {
        func longestMatch(in text: Span<UInt8>) -> Int {
            guard text.count >= 4 else { return 0 }
            for index in 0..<4 where text[index] < 0x30 || text[index] > 0x39 { return 0 }
            return 4
        }

        func toValue(_ text: String) -> (any Sendable)? { Int(text).flatMap { $0 >= 1000 ? $0 : nil } }
    }

    @Test func `a site's own converter works, in included routes too (register_converter)`() async throws {
        let routes = [
            path("<yyyy:year><str:rest>/", page("x"), name: "year"),
            include("archive/", [path("<yyyy:year>/", page("y"))]),
        ]
        let router = try URLRouter(routes, converters: ["yyyy": Year()])
        #expect(try await outcome(router, "/archive/2024/")?.kwargs == ["year": "2024"])
        #expect(try await outcome(router, "/20245/")?.kwargs == ["year": "2024", "rest": "5"])
        #expect(try await outcome(router, "/0999x/") == nil)
        #expect(try URLNames(of: router).reverse("year", ["year": 2024, "rest": "a"]) == "/2024a/")
        #expect(throws: RoutingError.self) { try URLNames(of: router).reverse("year", ["year": 99, "rest": "a"]) }
    }

    @Test func `a path that could be split in countless ways does not match`() async throws {
        let router = try URLRouter { path("<path:a>/<path:b>/<path:c>/<path:d>/end", page("x")) }
        #expect(try await outcome(router, "/" + String(repeating: "/", count: 4000)) == nil)
        #expect(try await outcome(router, "/a/b/c/d/end")?.kwargs == ["a": "a", "b": "b", "c": "c", "d": "d"])
    }

    @Test func `arguments are converted to the expected type`() throws {
        enum Colour: String, RouteArgument { case red }
        let id = UUID()
        let route = URLRoute(kwargs: ["room": "lobby", "id": 7, "uuid": id, "colour": "red", "digits": "12"])
        let room: String = try route["room"]
        let number: Int = try route["id"]
        let digits: Int = try route["digits"]
        let text: String = try route["id"]
        let identifier: UUID = try route["uuid"]
        let colour: Colour = try route["colour"]
        #expect(room == "lobby")
        #expect(number == 7)
        #expect(digits == 12)
        #expect(text == "7")
        #expect(identifier == id)
        #expect(colour == .red)
    }

    @Test func `the error for an argument has its name, its value and the existing arguments`() {
        let route = URLRoute(kwargs: ["room": "lobby", "id": 7])
        let missing = #expect(throws: RouteArgumentError.self) { let _: String = try route["rom"] }
        #expect(missing?.description == "The route has no argument 'rom'. It has: id, room.")
        let wrong = #expect(throws: RouteArgumentError.self) { let _: Int = try route["room"] }
        #expect(wrong?.description == "The route's argument 'room' is the String 'lobby', not a valid Int.")
        let none = #expect(throws: RouteArgumentError.self) { let _: Int = try URLRoute()["room"] }
        #expect(none?.description == "The route has no argument 'room'. It takes no arguments.")
    }
}
