public import StraitCommandLine
public import StraitLayers
public import StraitNetwork
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
///         path("ws/echo/", Echo())
///     }
/// }
/// ```
public protocol Site: Sendable {
    /// A site is made once, when the program starts.
    init()

    /// The paths that the site answers, pages and sockets alike; none by default. A getter that throws may make routers:
    /// `var routes: [Route] { get throws { try ProtocolTypeRouter(…) } }`.
    @RouteBuilder var routes: [Route] { get throws }

    /// Converters of the site's own by the names under which its paths have them: `<yyyy:year>`. None by default; Django's
    /// `register_converter`.
    var converters: [String: any Converter] { get }

    /// The type of ``installedApps``: an array of apps.
    associatedtype InstalledApps = [any App]

    /// The apps that are part of the site, with their routes, templates, static files, services and commands; Django's
    /// `INSTALLED_APPS`. None by default.
    var installedApps: InstalledApps { get }

    /// The templates and static files of the site's own folder: by default those of the target that the site is declared
    /// in. They come before those of the apps.
    var files: AppFiles { get }

    /// The type of ``middleware``: ``/StraitWeb/MiddlewareList``.
    associatedtype Middlewares = MiddlewareList

    /// The middleware around the routes, the outermost first; Django's `MIDDLEWARE`. `.standard` by default.
    var middleware: Middlewares { get }

    /// The type of ``contextProcessors``: an array of ``/StraitWeb/ContextProcessor``.
    associatedtype ContextProcessors = [ContextProcessor]

    /// Values that every template has; Django's `context_processors`. None by default, beside `request` and `csrf`.
    var contextProcessors: ContextProcessors { get }

    /// The type of ``settings``: ``/StraitWeb/Settings``.
    associatedtype SiteSettings = Settings

    /// The settings, which `settings.env` and the environment override; see ``/StraitWeb/Settings``.
    var settings: SiteSettings { get }

    /// The type of ``configuration``: ``/StraitServer/ServerConfiguration``.
    associatedtype Configuration = ServerConfiguration

    /// The server's configuration, which the command line overrides.
    var configuration: Configuration { get }

    /// The channel layers by their names: those of `CHANNEL_LAYERS` by default, and without that one in memory,
    /// `default`. Not called if `settings.env` or the environment has `CHANNEL_LAYERS`, which replaces the whole value.
    ///
    /// ```swift
    /// func channelLayers(_ settings: Settings) throws -> ChannelLayers {
    ///     ["default": RedisChannelLayer(RedisLayerConfiguration(hosts: [try RedisHost("redis://10.0.0.5")]))]
    /// }
    /// ```
    ///
    /// - Parameter settings: The settings of this installation.
    func channelLayers(_ settings: Settings) throws -> ChannelLayers

    /// The long-lived parts of the site, such as a pool of database connections. None by default.
    ///
    /// ```swift
    /// func services(_ settings: Settings) throws -> [any Service] { [Rooms(), Mailer(settings["MAIL_HOST"])] }
    /// ```
    ///
    /// They are made once, when the settings have been read, started in this order before the first request and stopped
    /// in the opposite order after the last. Those of apps follow. Everything finds them by their type:
    /// `try request.service(Rooms.self)`.
    ///
    /// - Parameter settings: The settings of this installation.
    func services(_ settings: Settings) throws -> [any Service]

    /// The type of ``commands``: an array of commands' types.
    associatedtype Commands = [any Command.Type]

    /// Commands of the site's own, beside `runserver`; none by default.
    var commands: Commands { get }

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
}

extension Site {
    public var routes: [Route] { [] }
    public var converters: [String: any Converter] { [:] }
    public var files: AppFiles { AppFiles(ofTargetOf: Self.self) }
    public static var options: [CommandOption<Self>] { [] }
    public func services(_ settings: Settings) throws -> [any Service] { [] }
    public func channelLayers(_ settings: Settings) throws -> ChannelLayers {
        try ChannelLayers(json: settings.channelLayers)
    }
}

// A default for each type that a requirement should have. A site that declares another type is told so when it is put
// together: it would be ignored silently if the requirement named the type itself.

extension Site where InstalledApps == [any App] {
    public var installedApps: [any App] { [] }
}

extension Site where Middlewares == MiddlewareList {
    public var middleware: MiddlewareList { .standard }
}

extension Site where ContextProcessors == [ContextProcessor] {
    public var contextProcessors: [ContextProcessor] { [] }
}

extension Site where SiteSettings == Settings {
    public var settings: Settings { Settings() }
}

extension Site where Configuration == ServerConfiguration {
    public var configuration: ServerConfiguration { ServerConfiguration() }
}

extension Site where Commands == [any Command.Type] {
    public var commands: [any Command.Type] { [] }
}
