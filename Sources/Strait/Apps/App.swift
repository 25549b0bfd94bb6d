public import StraitNetwork
public import StraitRouting
public import StraitTemplates
public import StraitWeb

/// A part of a site that can be put into others: its pages and sockets, templates, static files
/// and commands; a Django app.
///
/// ```swift
/// struct ChatApp: App {
///     var routes: [Route] {
///         path("chat/<slug:room>/", RoomView(), name: "chat")
///         path("ws/chat/<slug:room>/", Chat.self)
///     }
///     var staticFiles: [StaticSource] { [.embedded(["chat/chat.css": Bytes(PackageResources.chat_css)])] }
/// }
/// ```
///
/// A site installs it with a line: `var installedApps: [any App] { [ChatApp()] }`. Static files begin with the app's
/// name, so that those of two apps do not meet.
public protocol App: Sendable {
    /// What the app is called; the type's name in lower case, without `App` at its end, unless it says so itself.
    var label: String { get }
    /// Its pages and sockets; none by default. They come behind the site's own.
    @RouteBuilder var routes: [Route] { get }
    /// Converters that its paths name, beside Django's five; none by default. All paths of the site have them.
    var converters: [String: any Converter] { get }
    /// The type of ``templates``: an array of template loaders.
    associatedtype Templates = [any TemplateLoader]
    /// Its templates; none by default. Their names begin with the app's.
    var templates: Templates { get }
    /// Tags and filters of its own, by the names that `{% load %}` loads them by; none by default.
    var templateLibraries: [String: TemplateLibrary] { get }
    /// The type of ``staticFiles``: an array of ``/StraitWeb/StaticSource``.
    associatedtype StaticFiles = [StaticSource]
    /// Its static files; none by default.
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
    public var templateLibraries: [String: TemplateLibrary] { [:] }
    public func services(_ settings: Settings) throws -> [any Service] { [] }
}

extension App where Templates == [any TemplateLoader] {
    public var templates: [any TemplateLoader] { [] }
}

extension App where StaticFiles == [StaticSource] {
    public var staticFiles: [StaticSource] { [] }
}

extension App where Commands == [any Command.Type] {
    public var commands: [any Command.Type] { [] }
}
