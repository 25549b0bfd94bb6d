import Strait

/// An app whose folder has files of all kinds. Its module has no settings except the language mode.
public struct FolderApp: App {
    public init() {}

    public var routes: [Route] {
        path("folder/") { request in try request.render("folder/page.html", ["name": "Ann"]) }
    }
}

/// A generic outer type, so that the full name of `InnerApp` is more than its module and its own name.
public enum Outer<Value> {
    public struct InnerApp: App {
        public init() {}
    }
}
