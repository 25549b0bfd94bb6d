public import StraitLayers
import StraitRedis
public import StraitRouting
public import StraitServer
public import StraitWeb

/// A whole program: what it serves, how, and which commands it has. Mark it `@main`, and its executable is its own
/// `manage.py`.
///
/// ```swift
/// import Strait
///
/// final class Echo: WebSocketConsumer {
///     override func receive(_ message: Message) async { send(message) }
/// }
///
/// @main struct EchoSite: Site {
///     var routes: [Route] {
///         path("") { _ in .html("<h1>Echo</h1>") }
///         path("ws/echo/", Echo.self)
///     }
/// }
/// ```
public protocol Site: Sendable {
    /// A site is made once, when the program starts.
    init()

    /// The paths that the site answers, pages and sockets alike; none by default.
    @RouteBuilder var routes: [Route] { get }

    /// The apps that are part of the site, with their routes, static files and commands; Django's `INSTALLED_APPS`. None
    /// by default.
    var installedApps: [any App] { get }

    /// Who answers: a router of ``allRoutes`` unless you put middleware around it. Around that, the program puts what
    /// the settings ask for; see `SiteMiddleware`.
    var application: any Application { get throws }

    /// The settings that neither a file nor the environment replaces; see `Settings`.
    var settings: Settings { get }

    /// How the server behaves where the command line says nothing else.
    var configuration: ServerConfiguration { get }

    /// The channel layers by their names; those of the settings' `CHANNEL_LAYERS` by default, and without it one in
    /// memory, `default`. Called once, when the program starts, unless `settings.env` or the environment has
    /// `CHANNEL_LAYERS`, which replaces the whole value.
    ///
    /// ```swift
    /// var channelLayers: ChannelLayers {
    ///     get throws { ["default": RedisChannelLayer(RedisLayerConfiguration(hosts: [try RedisHost("redis://10.0.0.5")]))] }
    /// }
    /// ```
    var channelLayers: ChannelLayers { get throws }

    /// Commands of the site's own, beside `runserver`; none by default.
    var commands: [any Command.Type] { get }

    /// What the command line may set in the site; nothing by default. Every command takes these options beside its own.
    ///
    /// ```swift
    /// @main struct MySite: Site {
    ///     static var options: [CommandOption<MySite>] { [.flag("--demo", "Whether to fill the tables.", \.isDemo)] }
    ///     var isDemo = false
    /// }
    /// ```
    ///
    /// `mysite runserver --demo` serves a site whose `isDemo` is true. Where a command has an option of the same name,
    /// the command's wins.
    static var options: [CommandOption<Self>] { get }

    /// Called before the first connection is accepted. An error ends the program.
    func serverWillStart() async throws

    /// Called when the last connection is over.
    func serverDidStop() async
}

extension Site {
    public var routes: [Route] { [] }

    public var application: any Application {
        get throws { try URLRouter(allRoutes) }
    }

    public var installedApps: [any App] { [] }
    public var settings: Settings { Settings() }

    public var configuration: ServerConfiguration { ServerConfiguration() }
    public var channelLayers: ChannelLayers {
        get throws { try ChannelLayers(json: try (InstalledSettings.current ?? settings.installed()).channelLayers) }
    }
    public var commands: [any Command.Type] { [] }
    public static var options: [CommandOption<Self>] { [] }
    public func serverWillStart() async throws {}
    public func serverDidStop() async {}
}
