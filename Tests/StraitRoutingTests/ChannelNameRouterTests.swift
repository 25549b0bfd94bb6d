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

    @Test func `a channel leads to its worker`() async throws {
        #expect(try await name("resize") == "resize")
        #expect(try await name("mail") == "mail")
        #expect(router.channelNames == ["mail", "resize"])
        #expect(Scope(channel: "mail").type == .channel && Scope(channel: "mail").channel == "mail")
    }

    @Test func `a channel that has no worker is an error that names those there are`() async throws {
        await #expect(throws: RoutingError.self) { try await name("print") }
        do {
            _ = try await name("print")
        } catch let error as RoutingError {
            #expect(error.code == .noChannel)
            #expect(
                error.description == "No worker is routed to for the channel 'print'. There is mail, resize.")
        }
    }

    @Test func `a router of protocols without channels has none`() async throws {
        let router = ProtocolTypeRouter(http: Endpoint.response(.text("page")))
        #expect(router.channelNames == [])
        do {
            _ = try await router.resolve(Scope(channel: "mail"))
            Issue.record("That has no application.")
        } catch let error as RoutingError {
            #expect(error.description == "No application configured for scope type 'channel'")
        }
    }

    @Test func `middleware passes on which channels there are, and a page is none`() async throws {
        #expect(CookieMiddleware(router).channelNames == ["mail", "resize"])
        #expect(try await Endpoint.response(.notFound).resolve(Scope(path: "/")) != nil)
        #expect(try await Endpoint.worker(NamedWorker(name: "x")).resolve(Scope(path: "/")) == nil)
        #expect(try await URLRouter { path("") { _ in .text("page") } }.resolve(Scope(channel: "mail")) == nil)
    }
}
