public import StraitNetwork
public import StraitRouting
public import StraitTemplates
public import StraitWeb

/// A part of a site that can be put into others: its pages and sockets, templates, static files
/// and commands; a Django app.
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
/// An app is a target, and its folder has everything: `Sources/Chat/{Chat.swift, Templates/, Static/}`. The target's
/// plugin `StraitAppFiles` compiles `Templates` and `Static` in. `strait startapp` makes all of that.
///
/// A site installs an app with a line: `var installedApps: [any App] { [ChatApp()] }`. The names of templates and static
/// files begin with the app's, `Templates/chat/room.html`, so that those of two apps do not meet.
public protocol App: Sendable {
    /// The app's name: the type's name in lower case and without `App` at its end, by default.
    var label: String { get }
    /// The app's pages and sockets; none by default. They come behind the site's own.
    @RouteBuilder var routes: [Route] { get throws }
    /// Converters that its paths name, beside Django's five; none by default. All paths of the site have them.
    var converters: [String: any Converter] { get }
    /// The templates and static files of the app's folder: by default those of the target that the app is declared in.
    var files: AppFiles { get }
    /// The type of ``templates``: an array of template loaders.
    associatedtype Templates = [any TemplateLoader]
    /// Templates from elsewhere, before those of ``files``; none by default.
    var templates: Templates { get }
    /// Tags and filters of its own, by the names that `{% load %}` loads them by; none by default.
    var templateLibraries: [String: TemplateLibrary] { get }
    /// The type of ``contextProcessors``: an array of ``/StraitWeb/ContextProcessor``.
    associatedtype ContextProcessors = [ContextProcessor]
    /// Values that every template of the site has; none by default. See ``Site/contextProcessors``.
    var contextProcessors: ContextProcessors { get }
    /// The type of ``staticFiles``: an array of ``/StraitWeb/StaticSource``.
    associatedtype StaticFiles = [StaticSource]
    /// Static files from elsewhere, before those of ``files``; none by default.
    var staticFiles: StaticFiles { get }
    /// Its services, which start behind those of the site; none by default. See ``Site/services(_:)``.
    func services(_ settings: Settings) throws -> [any Service]
    /// The type of ``commands``: an array of commands' types.
    associatedtype Commands = [any Command.Type]
    /// Its commands; none by default.
    var commands: Commands { get }
}

extension App {
    public var label: String {
        let name = String(describing: Self.self)
        return (name.hasSuffix("App") && name != "App" ? String(name.dropLast(3)) : name).lowercased()
    }

    public var routes: [Route] { [] }
    public var converters: [String: any Converter] { [:] }
    public var files: AppFiles { AppFiles(ofTargetOf: Self.self) }
    public var templateLibraries: [String: TemplateLibrary] { [:] }
    public func services(_ settings: Settings) throws -> [any Service] { [] }
}

extension App where Templates == [any TemplateLoader] {
    public var templates: [any TemplateLoader] { [] }
}

extension App where ContextProcessors == [ContextProcessor] {
    public var contextProcessors: [ContextProcessor] { [] }
}

extension App where StaticFiles == [StaticSource] {
    public var staticFiles: [StaticSource] { [] }
}

extension App where Commands == [any Command.Type] {
    public var commands: [any Command.Type] { [] }
}
