import Foundation
import StraitCommandLine

/// Creates a project that builds, runs and passes its tests; Django's `startproject`.
struct StartProject: ToolCommand {
    static let name = "startproject"
    static let summary = "Creates a project that builds, runs and passes its tests."
    static var options: [CommandOption<StartProject>] {
        [
            .argument("NAME", "The name of the project and its program: a Swift identifier.", \.project),
            .argument(
                "FOLDER",
                """
                The folder to create (default: NAME in the current folder, or beside the checkout of Strait if the \
                current folder is in it).
                """,
                \.folder),
            .value(
                "--strait", "PATH", "The checkout of Strait to depend on (default: the one of this program).",
                \.checkout),
        ]
    }

    var project = ""
    var folder: String?
    var checkout: String?

    func run(print: (String) -> Void) throws {
        try run(in: FileManager.default.currentDirectoryPath, print: print)
    }

    /// Creates the project.
    ///
    /// - Parameter place: The current folder.
    func run(in place: String, print: (String) -> Void) throws {
        let name = try ProjectName(project)
        let checkout =
            if let path = self.checkout {
                try Checkout(
                    at: URL(filePath: path, relativeTo: URL(filePath: place, directoryHint: .isDirectory)).path)
            } else {
                try Checkout(above: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            }
        let folder = try ProjectFolder(folder ?? Self.folder(for: name, in: place), in: place)
        if let outer = Checkout(around: folder.path) {
            throw CommandError(
                "\(folder.path) is in the checkout of Strait. Give a folder beside it: strait startproject "
                    + "\(name.module) \(outer.folderBeside(name.module, from: place))")
        }
        let template = ProjectTemplate(
            name: name, strait: checkout.path(from: folder.path), secret: Self.secret(SystemRandomNumberGenerator()))
        try folder.write(template.files)
        print("Created the project \(name.module) in \(folder.path).")
        print("Run it:  cd \(folder.shellPath) && swift run \(name.module)")
        print("Test it: cd \(folder.shellPath) && swift test")
        print("Add to it: swift run strait startapp NAME, in its folder")
    }

    /// Returns the default folder of a project.
    private static func folder(for name: ProjectName, in place: String) -> String {
        guard let checkout = Checkout(around: place + "/" + name.module) else { return name.module }
        return checkout.folderBeside(name.module, from: place)
    }

    /// Returns a key of 64 letters and digits, which needs no quotes.
    static func secret(_ generator: some RandomNumberGenerator) -> String {
        var generator = generator
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return String((0..<64).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}
