public import Strait

/// A whole site for one test: its middleware, routes, apps, templates and services, as `runserver` serves them, without a
/// network.
///
/// ```swift
/// try await TestSite(MySite()) { site in
///     let page = try await site.client.get("/")
///     #expect(page.status == .ok)
///
///     let socket = site.webSocket("/ws/echo/")
///     try await socket.open()
///     try await socket.send(text: "hi")
///     let answer = try await socket.receiveText()
///     #expect(answer == "hi")
/// }
/// ```
///
/// Its settings are those that the site gives in Swift: `settings.env` and the environment are not read. The host
/// `testserver` is allowed, and a site without a `SECRET_KEY` has one for the test. The services are started before the
/// body and stopped after it.
public final class TestSite: ServiceProvider, Sendable {
    /// A browser with its own cookies. ``makeClient()`` makes others.
    public let client: TestClient
    /// The site's services.
    public var services: Services { site.services }
    /// The settings that the test runs with.
    public var settings: Settings { site.settings }
    /// The clock of all clients, if it is moved by hand.
    public let clock: ManualClock?

    let site: ComposedSite
    let log: Log

    /// Puts a site together and starts its services, without ``init(_:settings:configuration:clock:log:_:)``'s body. Stop
    /// it with ``stop()``.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - change: Changes the settings for this test.
    ///   - changeConfiguration: Changes the server's configuration for this test.
    ///   - clock: A clock to move by hand; the machine's unless given.
    ///   - log: The log of the site; errors to standard error unless given.
    /// - Throws: A mistake in the site's parts; the error of a service that does not start.
    public init(
        started site: any Site, settings change: (inout Settings) -> Void = { _ in },
        configuration changeConfiguration: (inout ServerConfiguration) -> Void = { _ in },
        clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) async throws {
        var (settings, configuration) = try ComposedSite.parts(of: site)
        if settings.secretKey.isEmpty {
            settings.secretKey = "a key for tests alone, which is long enough and has enough characters"
        }
        if !settings.allowedHosts.contains("*") { settings.allowedHosts.append("testserver") }
        change(&settings)
        changeConfiguration(&configuration)
        self.site = try ComposedSite(site, settings: settings, configuration: configuration)
        self.clock = clock
        self.log = log
        client = TestClient(self.site, clock, log)
        try await self.site.start()
    }

    /// Puts a site together, starts its services, runs `body`, and stops them.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - settings: Changes the settings for this test: `settings: { $0.debug = true }`.
    ///   - configuration: Changes the server's configuration for this test.
    ///   - clock: A clock to move by hand; the machine's unless given.
    ///   - log: The log of the site; errors to standard error unless given.
    ///   - body: The test.
    /// - Throws: A mistake in the site's parts; the error of a service that does not start; the errors of `body`.
    @discardableResult
    public convenience init(
        _ site: any Site, settings: (inout Settings) -> Void = { _ in },
        configuration: (inout ServerConfiguration) -> Void = { _ in }, clock: ManualClock? = nil,
        log: Log = Log(level: .error), _ body: (TestSite) async throws -> Void
    ) async throws {
        try await self.init(
            started: site, settings: settings, configuration: configuration, clock: clock, log: log)
        do {
            try await body(self)
        } catch {
            await stop()
            throw error
        }
        await stop()
    }

    /// Stops the services.
    public func stop() async { await site.stop() }

    /// Another browser, with no cookies.
    public func makeClient() -> TestClient { TestClient(site, clock, log) }

    /// A socket of ``client``'s, with its cookies; see ``TestClient/webSocket(_:headers:subprotocols:)``.
    public func webSocket(
        _ path: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = []
    ) -> WebSocketCommunicator {
        client.webSocket(path, headers: headers, subprotocols: subprotocols)
    }
}

extension MemoryServer {
    /// A whole server in memory for `site`: what ``TestSite`` leaves out can be tested with it, such as frames, limits and
    /// lossy networks.
    public convenience init(
        _ site: TestSite, network: SimulatedNetwork = SimulatedNetwork(), clock: ManualClock = ManualClock()
    ) {
        self.init(
            site.site.application, configuration: site.site.configuration, services: site, network: network,
            clock: clock, log: site.log)
    }
}

extension LiveServer {
    /// Serves `site` at a free port of 127.0.0.1 while `body` runs; Channels' `ChannelsLiveServerTestCase`. Allow the host
    /// in the test's settings: `settings: { $0.allowedHosts = ["*"] }`.
    public static func run<Result>(
        _ site: TestSite, loops: Int = 1, _ body: (LiveServer) async throws -> Result
    ) async throws -> Result {
        try await run(
            site.site.application, configuration: site.site.configuration, loops: loops, services: site, log: site.log,
            body)
    }
}
