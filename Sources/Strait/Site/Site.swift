public import StraitCommandLine
public import StraitCore
import StraitHTTP
public import StraitLayers
public import StraitMigrations
public import StraitModels
import StraitRedis
public import StraitRouting
public import StraitServer
public import StraitWeb

/// A program with its routes, settings and commands. Mark it `@main`, and its executable serves as its own `manage.py`.
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
    /// Creates the site, once when the program starts.
    init()

    /// The site's pages and sockets; none by default. A getter that throws can create routers:
    /// `var routes: [Route] { get throws { try ProtocolTypeRouter(…) } }`.
    @RouteBuilder var routes: [Route] { get throws }

    /// Custom path converters by name, such as `yyyy` for `<yyyy:year>`; Django's `register_converter`. None by
    /// default.
    var converters: [String: any Converter] { get }

    /// The type of ``installedApps``: an array of apps.
    associatedtype InstalledApps = [any App]

    /// The site's apps, with their routes, templates, static files, services and commands; Django's `INSTALLED_APPS`.
    /// None by default.
    var installedApps: InstalledApps { get }

    /// The templates and static files of the site's folder, which take precedence over the apps'. The default is the
    /// folder of the target that declares the site.
    var files: AppFiles { get }

    /// The models of the site's own target, in addition to those of its apps. The default is those that the target
    /// declares, if it uses the plugin `StraitAppFiles`.
    var models: [any Model.Type] { get }

    /// The migrations of the site's own target. The default is those that the target declares, if it uses the plugin.
    var migrations: [any Migration.Type] { get }

    /// The type of ``middleware``: ``/StraitWeb/MiddlewareList``.
    associatedtype Middlewares = MiddlewareList

    /// The middleware around the routes, the outermost first; Django's `MIDDLEWARE`. `.standard` by default.
    var middleware: Middlewares { get }

    /// The type of ``contextProcessors``: an array of ``/StraitWeb/ContextProcessor``.
    associatedtype ContextProcessors = [ContextProcessor]

    /// Values that are available in every template, in addition to `request` and `csrf_token`; Django's
    /// `context_processors`. None by default.
    var contextProcessors: ContextProcessors { get }

    /// The type of ``settings``: ``/StraitWeb/Settings``.
    associatedtype SiteSettings = Settings

    /// The settings. `settings.env` and the environment override them; see ``/StraitWeb/Settings``.
    var settings: SiteSettings { get }

    /// The type of ``configuration``: ``/StraitServer/ServerConfiguration``.
    associatedtype Configuration = ServerConfiguration

    /// The server's configuration. The command line overrides it.
    var configuration: Configuration { get }

    /// Creates the channel layers by name. The default uses the setting `CHANNEL_LAYERS`, or one in-memory layer named
    /// `default`. The method is not called if `settings.env` or the environment contains `CHANNEL_LAYERS`, which
    /// replaces the complete value.
    ///
    /// ```swift
    /// func channelLayers(_ settings: Settings) throws -> ChannelLayers {
    ///     ["default": RedisChannelLayer(RedisLayerConfiguration(hosts: [try RedisHost("redis://10.0.0.5")]))]
    /// }
    /// ```
    ///
    /// - Parameter settings: The settings of this installation.
    func channelLayers(_ settings: Settings) throws -> ChannelLayers

    /// Creates the site's long-lived services, such as a pool of database connections; none by default.
    ///
    /// ```swift
    /// func services(_ settings: Settings) throws -> [any Service] { [Rooms(), Payments(settings["PAYMENT_KEY"])] }
    /// ```
    ///
    /// They are created once, after the settings have been read. They start in this order before the first request, and
    /// stop in reverse order after the last one. Services of apps follow. All code finds them by their type:
    /// `try request.service(Rooms.self)`.
    ///
    /// - Parameter settings: The settings of this installation.
    func services(_ settings: Settings) throws -> [any Service]

    /// The type of ``commands``: an array of command types.
    associatedtype Commands = [any Command.Type]

    /// Custom commands, in addition to `runserver` and the other built-in ones; none by default.
    var commands: Commands { get }

    /// Command-line options that set properties of the site; none by default. Every command accepts them in addition to
    /// its own.
    ///
    /// ```swift
    /// @main struct MySite: Site {
    ///     static var options: [CommandOption<MySite>] { [.flag("--demo", "Whether to fill the tables.", \.isDemo)] }
    ///     var isDemo = false
    /// }
    /// ```
    ///
    /// `mysite runserver --demo` serves a site whose `isDemo` is true. If a command has an option of the same name, the
    /// command's option is used.
    static var options: [CommandOption<Self>] { get }
}

extension Site {
    /// No routes, by default.
    public var routes: [Route] { [] }
    /// No converters, by default.
    public var converters: [String: any Converter] { [:] }
    /// The files of the target that declares the site.
    public var files: AppFiles { AppFiles(ofTargetOf: Self.self) }
    /// The models of the target that declares the site.
    public var models: [any Model.Type] { TargetClass.of(Self.self)?.models ?? [] }
    /// The migrations of the target that declares the site.
    public var migrations: [any Migration.Type] { TargetClass.of(Self.self)?.migrations ?? [] }
    /// No options, by default.
    public static var options: [CommandOption<Self>] { [] }
    /// Returns no services, by default.
    public func services(_ settings: Settings) throws -> [any Service] { [] }
    /// Returns the layers of `CHANNEL_LAYERS`, or one in-memory layer.
    public func channelLayers(_ settings: Settings) throws -> ChannelLayers {
        try ChannelLayers(json: settings.channelLayers)
    }
}

// Each default applies only if the site uses the expected type. A site that declares another type gets an error when it
// is composed. If the requirement fixed the type, Swift would silently ignore such a declaration.

extension Site where InstalledApps == [any App] {
    /// No apps, by default.
    public var installedApps: [any App] { [] }
}

extension Site where Middlewares == MiddlewareList {
    /// ``/StraitWeb/MiddlewareList/standard``, by default.
    public var middleware: MiddlewareList { .standard }
}

extension Site where ContextProcessors == [ContextProcessor] {
    /// No context processors, by default.
    public var contextProcessors: [ContextProcessor] { [] }
}

extension Site where SiteSettings == Settings {
    /// The default settings.
    public var settings: Settings { Settings() }
}

extension Site where Configuration == ServerConfiguration {
    /// The default configuration.
    public var configuration: ServerConfiguration { ServerConfiguration() }
}

extension Site where Commands == [any Command.Type] {
    /// No commands, by default.
    public var commands: [any Command.Type] { [] }
}
