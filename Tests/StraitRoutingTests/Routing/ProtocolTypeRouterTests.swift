import StraitHTTP
import StraitRouting
import Testing

private struct NamedWorker: WorkerEndpoint { let name: String }

@Suite struct ChannelNameRouters {
    private let router = ProtocolTypeRouter(
        http: Endpoint.response(.text("page")),
        channel: ChannelNameRouter([
            "resize": Endpoint.worker(NamedWorker(name: "resize")),
            "mail": Endpoint.worker(NamedWorker(name: "mail")),
        ]))

    private func name(_ channel: String) async throws -> String? {
        guard case .worker(let worker)? = try await router.resolve(Scope(channel: channel))?.endpoint else {
            return nil
        }
        return (worker as? NamedWorker)?.name
    }

    @Test func `a channel name is routed to its worker`() async throws {
        #expect(try await name("resize") == "resize")
        #expect(try await name("mail") == "mail")
        #expect(router.channelNames == ["mail", "resize"])
        #expect(Scope(channel: "mail").type == .channel && Scope(channel: "mail").channel == "mail")
    }

    @Test func `workers of several routers are found, and an unknown channel has no worker`() async throws {
        #expect(try await name("print") == nil)
        let both = try URLRouter {
            router
            path("") { _ in .text("page") }
            ProtocolTypeRouter(
                http: Endpoint.response(.text("page")),
                channel: ChannelNameRouter(["print": Endpoint.worker(NamedWorker(name: "print"))]))
        }
        #expect(both.channelNames == ["mail", "resize", "print"])
        for channel in both.channelNames {
            guard case .worker(let worker)? = try await both.resolve(Scope(channel: channel))?.endpoint else {
                Issue.record("The channel \(channel) has no worker.")
                return
            }
            #expect((worker as? NamedWorker)?.name == channel)
        }
    }

    @Test func `a protocol router without channels has no channel names`() async throws {
        let router = ProtocolTypeRouter(http: Endpoint.response(.text("page")))
        #expect(router.channelNames == [])
        #expect(try await router.resolve(Scope(channel: "mail")) == nil)
    }

    @Test func `middleware passes on channel names, and a page is not a channel`() async throws {
        #expect(CookieMiddleware(router).channelNames == ["mail", "resize"])
        #expect(try await Endpoint.response(.notFound).resolve(Scope(path: "/")) != nil)
        #expect(try await Endpoint.worker(NamedWorker(name: "x")).resolve(Scope(path: "/")) == nil)
        #expect(try await URLRouter { path("") { _ in .text("page") } }.resolve(Scope(channel: "mail")) == nil)
    }

    @Test func `a page after a channel router is resolved synchronously, and so is a channel`() throws {
        let router = try URLRouter {
            ChannelNameRouter(["mail": Endpoint.worker(NamedWorker(name: "mail"))])
            path("") { _ in .text("page") }
        }
        for scope in [Scope(path: "/"), Scope(channel: "mail")] {
            guard case .resolved(_?) = try router.resolveNow(scope) else {
                Issue.record("\(scope.path) has no endpoint or is not resolved synchronously.")
                return
            }
        }
    }
}
