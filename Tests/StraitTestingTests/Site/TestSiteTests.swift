import Strait
import StraitTesting
import Synchronization
import Testing

private final class Counter: Service {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}

private final class OrderForm: Form {
    let tea = CharField()
}

private struct OrderView: GetView, PostView {
    func get(_ request: Request) async throws -> Response { .html("<form>\(try request.csrfInput)</form>") }

    func post(_ request: Request) async throws -> Response {
        let form = try await OrderForm(request)
        guard form.isValid else { return .text("invalid", status: .unprocessableContent) }
        try request.service(Counter.self).add()
        var response = try request.redirect(to: "ordered")
        try response.setCookie(SetCookie("tea", form.tea.value))
        return response
    }
}

private final class Talker: WebSocketConsumer {
    override func connect() async throws {
        accept()
        send(text: "\(scope.cookies["tea"] ?? "no tea"), \(try service(Counter.self).value) orders")
    }
}

private struct TeaSite: Site {
    func services(_ settings: Settings) -> [any Service] { [Counter()] }

    var routes: [Route] {
        path("order/", OrderView(), name: "order")
        path("ordered/", name: "ordered") { request in .text("You ordered \(request.cookies["tea"] ?? "nothing").") }
        path("forget/") { _ in
            var response = Response.text("forgotten")
            try response.deleteCookie("tea")
            return response
        }
        path("debug/") { request in .text("\(request.site?.settings.debug ?? false)") }
        path("upload/", methods: [.post]) { request in
            let form = try await request.form()
            let file = form.file("photo")
            return .text("\(file?.filename ?? "-") \(file?.size ?? 0) \(form["title"] ?? "-")")
        }
        path(
            "hooks/",
            CSRFExempt { request in .text(try await request.decode([String: Int].self)["n"].map(String.init) ?? "") })
        path("ws/", Talker())
    }
}

@Suite struct TestSites {
    @Test func `the client posts a form with a CSRF token, keeps cookies and follows a redirect`() async throws {
        try await TestSite(TeaSite()) { site in
            let answer = try await site.client.post("/order/", form: ["tea": "oolong & co"])
            #expect(answer.status == .found && answer.headers["location"] == "/ordered/")
            #expect(site.client.cookies["tea"] == "oolong & co")
            let page = try await site.client.post("/order/", form: ["tea": "assam"], follows: true)
            #expect(page.text == "You ordered assam.")
            #expect(try site.service(Counter.self).value == 2)
            _ = try await site.client.get("/forget/")
            #expect(site.client.cookies["tea"] == nil)
            let forgotten = try await site.client.get("/ordered/")
            #expect(forgotten.text == "You ordered nothing.")
        }
    }

    @Test func `a form without a CSRF token gets 403`() async throws {
        try await TestSite(TeaSite()) { site in
            site.client.sendsCSRFToken = false
            let answer = try await site.client.post("/order/", form: ["tea": "oolong"])
            #expect(answer.status == .forbidden)
            #expect(try site.service(Counter.self).value == 0)
        }
    }

    @Test func `a form with the CSRF token from its page is accepted`() async throws {
        try await TestSite(TeaSite()) { site in
            site.client.sendsCSRFToken = false
            let page = try await site.client.get("/order/")
            let value = try #require(page.text.split(separator: "value=\"").last?.prefix { $0 != "\"" })
            let answer = try await site.client.post(
                "/order/", form: ["csrfmiddlewaretoken": String(value), "tea": "oolong"])
            #expect(answer.status == .found)
        }
    }

    @Test func `the client can post files and JSON`() async throws {
        try await TestSite(TeaSite()) { site in
            let upload = try await site.client.post(
                "/upload/", form: ["title": "Leaves"], files: ["photo": TestFile("a.png", [1, 2, 3])])
            #expect(upload.text == "a.png 3 Leaves")
            let hook = try await site.client.post("/hooks/", json: ["n": 7])
            #expect(hook.text == "7")
        }
    }

    @Test func `a socket has the client's cookies and the site's services`() async throws {
        try await TestSite(TeaSite()) { site in
            _ = try await site.client.post("/order/", form: ["tea": "oolong"])
            let socket = site.webSocket("/ws/")
            try await socket.open()
            let text = try await socket.receiveText()
            #expect(text == "oolong, 1 orders")
            let other = site.makeClient().webSocket("/ws/")
            try await other.open()
            let otherText = try await other.receiveText()
            #expect(otherText == "no tea, 1 orders")
        }
    }

    @Test func `a test can change settings, and DEBUG is off by default, as in Django's tests`() async throws {
        try await TestSite(TeaSite()) { site in
            #expect(try await site.client.get("/debug/").text == "false")
            let page = try await site.client.get("/none/")
            #expect(page.status == .notFound)
        }
        let debug: (inout Settings) -> Void = { $0.debug = true }
        try await TestSite(TeaSite(), settings: debug) { site in
            let page = try await site.client.get("/debug/")
            #expect(page.text == "true")
        }
    }

    @Test func `a request for another host gets 400`() async throws {
        try await TestSite(TeaSite()) { site in
            let page = try await site.client.get("/ordered/", headers: ["host": "example.com"])
            #expect(page.status == .badRequest)
        }
    }

    @Test func `an error in the body is rethrown after the services have stopped`() async throws {
        struct Stop: Error {}
        final class Notes: Service {
            static let stops = Mutex(0)
            func stop() async { Self.stops.withLock { $0 += 1 } }
        }
        struct NotedSite: Site {
            func services(_ settings: Settings) -> [any Service] { [Notes()] }
        }
        await #expect(throws: Stop.self) { try await TestSite(NotedSite()) { _ in throw Stop() } }
        #expect(Notes.stops.withLock { $0 } == 1)
    }
}
