public import StraitCore
public import StraitDatabase
import StraitHTTP
public import StraitMigrations
public import StraitModels
public import StraitRouting
public import StraitTemplates
public import StraitWeb

/// A reusable part of a site with its pages, sockets, templates, static files and commands; a Django app.
///
/// ```swift
/// public struct ChatApp: App {
///     public init() {}
///
///     public var routes: [Route] {
///         path("chat/<slug:room>/", RoomView(), name: "chat:room")
///         path("ws/chat/<slug:room>/", Chat())
///     }
/// }
/// ```
///
/// An app is a target. Its folder contains everything: `Sources/Chat/{Chat.swift, Templates/, Static/}`. The target's
/// plugin `StraitAppFiles` compiles `Templates` and `Static` into the program. `strait startapp` creates all of this.
///
/// A site installs an app with one line: `var installedApps: [any App] { [ChatApp()] }`. The names of an app's
/// templates and static files begin with the app's name, such as `Templates/chat/room.html`. This prevents conflicts
/// between apps.
public protocol App: Sendable {
    /// The app's name. The default is the type's name in lower case, without a final `App`.
    var label: String { get }
    /// The app's pages and sockets; none by default. They follow the site's own routes.
    @RouteBuilder var routes: [Route] { get throws }
    /// Custom path converters, in addition to Django's five; none by default. All routes of the site can use them.
    var converters: [String: any Converter] { get }
    /// The templates and static files of the app's folder. The default is the folder of the target that declares the
    /// app.
    var files: AppFiles { get }
    /// The type of ``templates``: an array of template loaders.
    associatedtype Templates = [any TemplateLoader]
    /// Additional template loaders, which take precedence over ``files``; none by default.
    var templates: Templates { get }
    /// Custom template tags and filters, by the library names that `{% load %}` uses; none by default.
    var templateLibraries: [String: TemplateLibrary] { get }
    /// The type of ``contextProcessors``: an array of ``/StraitWeb/ContextProcessor``.
    associatedtype ContextProcessors = [ContextProcessor]
    /// Values that are available in every template of the site; none by default. See ``Site/contextProcessors``.
    var contextProcessors: ContextProcessors { get }
    /// The type of ``staticFiles``: an array of ``/StraitWeb/StaticSource``.
    associatedtype StaticFiles = [StaticSource]
    /// Additional static files, which take precedence over ``files``; none by default.
    var staticFiles: StaticFiles { get }
    /// Creates the app's services, which start after those of the site; none by default. See ``Site/services(_:)``.
    func services(_ settings: Settings) throws -> [any Service]
    /// The type of ``commands``: an array of command types.
    associatedtype Commands = [any Command.Type]
    /// The app's commands; none by default.
    var commands: Commands { get }
    /// The app's models. The default is those that the target of the app declares, if it uses the plugin
    /// `StraitAppFiles`.
    var models: [any Model.Type] { get }
    /// The app's migrations. The default is those that the target of the app declares, if it uses the plugin.
    var migrations: [any Migration.Type] { get }
    /// Adds rows that the app needs, after migrations were applied; a receiver of Django's signal `post_migrate`. It
    /// does nothing by default.
    func afterMigrate(_ database: Database) async throws
}

extension App {
    /// The type's name in lower case, without a final `App`.
    public var label: String {
        let name = String(describing: Self.self)
        return (name.hasSuffix("App") && name != "App" ? String(name.dropLast(3)) : name).lowercased()
    }

    /// No routes, by default.
    public var routes: [Route] { [] }
    /// No converters, by default.
    public var converters: [String: any Converter] { [:] }
    /// The files of the target that declares the app.
    public var files: AppFiles { AppFiles(ofTargetOf: Self.self) }
    /// The models of the target that declares the app.
    public var models: [any Model.Type] { TargetClass.of(Self.self)?.models ?? [] }
    /// The migrations of the target that declares the app.
    public var migrations: [any Migration.Type] { TargetClass.of(Self.self)?.migrations ?? [] }
    /// Does nothing, by default.
    public func afterMigrate(_ database: Database) async throws {}
    /// No libraries, by default.
    public var templateLibraries: [String: TemplateLibrary] { [:] }
    /// Returns no services, by default.
    public func services(_ settings: Settings) throws -> [any Service] { [] }
}

extension App where Templates == [any TemplateLoader] {
    /// No additional loaders, by default.
    public var templates: [any TemplateLoader] { [] }
}

extension App where ContextProcessors == [ContextProcessor] {
    /// No context processors, by default.
    public var contextProcessors: [ContextProcessor] { [] }
}

extension App where StaticFiles == [StaticSource] {
    /// No additional static files, by default.
    public var staticFiles: [StaticSource] { [] }
}

extension App where Commands == [any Command.Type] {
    /// No commands, by default.
    public var commands: [any Command.Type] { [] }
}

/// A loader for a target's templates, from its folder or compiled in. Both contain the same names.
struct AppTemplates: TemplateLoader {
    enum Place: Sendable {
        case folder(FolderLoader)
        case embedded(AppFiles)
    }

    private let place: Place

    init(_ place: Place) { self.place = place }

    func origins(of name: String) -> [TemplateOrigin] {
        // The plugin skips hidden files.
        guard !name.utf8.split(separator: 0x2F).contains(where: { $0.first == 0x2E }) else { return [] }
        switch place {
        case .folder(let loader): return loader.origins(of: name)
        case .embedded(let files):
            return [TemplateOrigin(name: "\(files.folder ?? "")/Templates/\(name) (compiled in)", template: name)]
        }
    }

    func text(of origin: TemplateOrigin) throws(TemplateError) -> String? {
        switch place {
        case .folder(let loader): return try loader.text(of: origin)
        case .embedded(let files):
            guard let bytes = files["Templates/" + origin.template] else { return nil }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TemplateError(.unreadable, "\(origin.name) is not UTF-8. Save it in that encoding.")
            }
            return text
        }
    }

    func version(of origin: TemplateOrigin) -> String? {
        switch place {
        case .folder(let loader): loader.version(of: origin)
        // A compiled-in template never changes. A missing one has no version.
        case .embedded(let files): files["Templates/" + origin.template] == nil ? nil : ""
        }
    }
}
