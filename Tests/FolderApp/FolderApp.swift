import Strait

/// An app whose folder has files of all kinds, as a module writes it that sets nothing but the language mode.
public struct FolderApp: App {
    public init() {}

    public var routes: [Route] {
        path("folder/") { request in try request.render("folder/page.html", ["name": "Ann"]) }
    }
}

/// Another type of the target, whose full name is not just the module's and its own.
public enum Outer<Value> {
    public struct InnerApp: App {
        public init() {}
    }
}
