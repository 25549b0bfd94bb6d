import Foundation

/// The paths of the checkout's files that the tests use.
enum Checkout {
    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The Python that `make test` installs, with `websockets`.
    static let python = file(".venv/bin/python")

    /// The path of a file of the checkout.
    static func file(_ name: String) -> String { root.appendingPathComponent(name).path }

    /// The path of a file of `Tests/Peers`.
    static func peer(_ name: String) -> String { file("Tests/Peers/\(name)") }
}
