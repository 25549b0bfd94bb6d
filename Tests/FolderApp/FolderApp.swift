import Strait

/// An app whose folder has files of all kinds. Its module has no settings except the language mode.
public struct FolderApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}

    /// A page that uses a template of the folder.
    public var routes: [Route] {
        path("folder/") { request in try request.render("folder/page.html", ["name": "Ann"]) }
    }
}

/// A generic outer type, so that the full name of `InnerApp` is more than its module and its own name.
public enum Outer<Value> {
    /// An app in a generic type. Its files are those of its target.
    public struct InnerApp: App {
        /// Creates the app, for any type of value.
        public init() {}
    }
}
