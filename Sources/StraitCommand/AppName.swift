import StraitCommandLine

/// The name of an app: `Chat` is the module, `ChatApp` the app, and `chat` the beginning of its addresses and names.
struct AppName: Hashable {
    /// The name with a capital letter for each word: `MyChat` of `my_chat`.
    let module: String

    /// Takes a name that Swift takes as a module's. A name that ends with `App` loses it.
    init(_ name: String) throws(UsageError) {
        let given = try ModuleName(name, of: .app).text
        let words = given.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let short = words.hasSuffix("App") && words != "App" ? String(words.dropLast(3)) : words
        module = try ModuleName(short, of: .app).text
    }

    /// The type of the app.
    var app: String { module + "App" }
    /// The type of its consumer.
    var consumer: String { module + "Consumer" }
    /// The app's label, as `App` makes it of the type's name.
    var label: String { module.lowercased() }
    /// The target of its tests.
    var tests: String { module + "Tests" }
}
