import StraitCommandLine

/// The name of an app: `Chat` is its module, `ChatApp` its type, and `chat` the prefix of its paths and names.
struct AppName: Hashable {
    /// The name in camel case, with a capital letter for each word: `MyChat` for `my_chat`.
    let module: String

    /// Checks that the name can be a module's name, and removes a final `App`.
    init(_ name: String) throws(UsageError) {
        let given = try ModuleName(name, of: .app).text
        let words = given.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let short = words.hasSuffix("App") && words != "App" ? String(words.dropLast(3)) : words
        module = try ModuleName(short, of: .app).text
    }

    /// The app's type.
    var app: String { module + "App" }
    /// The type of the app's consumer.
    var consumer: String { module + "Consumer" }
    /// The app's label, derived from the type's name like the default of `App.label`.
    var label: String { module.lowercased() }
    /// The target of the app's tests.
    var tests: String { module + "Tests" }
}
