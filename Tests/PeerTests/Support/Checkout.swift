import Foundation

/// Where the checkout's files are that the tests use.
enum Checkout {
    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Python with `websockets`, as `make test` installs it.
    static let python = file(".venv/bin/python")

    /// The path of a file of the checkout.
    static func file(_ name: String) -> String { root.appendingPathComponent(name).path }

    /// The path of a file of `Tests/Peers`.
    static func peer(_ name: String) -> String { file("Tests/Peers/\(name)") }
}
