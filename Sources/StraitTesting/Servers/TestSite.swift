public import Strait

/// A complete site for one test: the middleware, routes, apps, templates and services that `runserver` serves, without
/// a network.
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
/// It uses only the settings in the site's Swift code, not `settings.env` or the environment. The host `testserver` is
/// allowed, and a site without a `SECRET_KEY` gets one for tests. The services start before the body and stop after it.
///
/// A site with models gets a database of its own, with the tables of all models: a file of SQLite, or a new database on
/// the server that the test's settings name with `databaseURL`. It is removed after the test.
public final class TestSite: ServiceProvider, Sendable {
    /// A browser with its own cookies. ``makeClient()`` creates more.
    public let client: TestClient
    /// The site's services.
    public var services: Services { site.services }
    /// The settings of this test.
    public var settings: Settings { site.settings }
    /// The mail that the site has sent, also after its responses; Django's `mail.outbox`. A site under test sends none
    /// to a server, unless the test's settings change `emailBackend`.
    public var outbox: [EncodedEmail] {
        get async {
            guard let mailer = services.find(Mailer.self) else { return [] }
            await mailer.drained()
            return mailer.outbox
        }
    }
    /// The manual clock of all clients, or nil.
    public let clock: ManualClock?

    let site: ComposedSite
    let log: Log
    private let database: TestDatabase?

    /// Creates a site and starts its services, for tests that cannot use a closure as in
    /// ``init(_:settings:configuration:clock:log:_:)``. Stop it with ``stop()``.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - change: Changes the settings for this test.
    ///   - changeConfiguration: Changes the server's configuration for this test.
    ///   - clock: A manual clock. The default is the system's clock.
    ///   - log: The site's log. By default, it writes errors to standard error.
    /// - Throws: An error in the site's configuration, or of a service that does not start.
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
        settings.emailBackend = "memory"
        change(&settings)
        changeConfiguration(&configuration)
        let hasDatabase = try settings.databaseURL != nil || ComposedSite.hasModels(site)
        database = hasDatabase ? try await TestDatabase(settings.databaseURL) : nil
        settings.databaseURL = database?.url
        self.site = try ComposedSite(site, settings: settings, configuration: configuration)
        self.clock = clock
        self.log = log
        client = TestClient(self.site, clock, log)
        do {
            try await self.site.createTables()
            try await self.site.start()
        } catch {
            await database?.remove()
            throw error
        }
    }

    /// Creates a site, starts its services, runs `body`, and stops them.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - settings: Changes the settings for this test: `settings: { $0.debug = true }`.
    ///   - configuration: Changes the server's configuration for this test.
    ///   - clock: A manual clock. The default is the system's clock.
    ///   - log: The site's log. By default, it writes errors to standard error.
    ///   - body: The test.
    /// - Throws: An error in the site's configuration, of a service that does not start, or of `body`.
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

    /// Stops the services, and removes the database.
    public func stop() async {
        await site.stop()
        await database?.remove()
    }

    /// Creates another browser, without cookies.
    public func makeClient() -> TestClient { TestClient(site, clock, log) }

    /// Creates a socket with the cookies of ``client``; see ``TestClient/webSocket(_:headers:subprotocols:)``.
    public func webSocket(
        _ path: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = []
    ) -> WebSocketCommunicator {
        client.webSocket(path, headers: headers, subprotocols: subprotocols)
    }
}

extension MemoryServer {
    /// Creates a complete in-memory server for `site`. It tests features that ``TestSite`` omits, such as frames,
    /// limits and unreliable networks.
    public convenience init(
        _ site: TestSite, network: SimulatedNetwork = SimulatedNetwork(), clock: ManualClock = ManualClock()
    ) {
        self.init(
            site.site.application, configuration: site.site.configuration, services: site, network: network,
            clock: clock, log: site.log)
    }
}

extension LiveServer {
    /// Serves `site` on a free port of 127.0.0.1 while `body` runs; Channels' `ChannelsLiveServerTestCase`. Allow the
    /// host in the test's settings: `settings: { $0.allowedHosts = ["*"] }`.
    public static func run<Result>(
        _ site: TestSite, loops: Int = 1, _ body: (LiveServer) async throws -> Result
    ) async throws -> Result {
        try await run(
            site.site.application, configuration: site.site.configuration, loops: loops, services: site, log: site.log,
            body)
    }
}
