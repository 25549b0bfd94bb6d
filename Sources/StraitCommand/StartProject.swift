import Foundation
import Strait

/// Makes a project that builds, runs and passes its tests; Django's command of the same name.
struct StartProject: Command {
    static let name = "startproject"
    static let summary = "Makes a project that builds, runs and passes its tests."
    static var options: [CommandOption<StartProject>] {
        [
            .argument("NAME", "What the project and its program are called: a Swift identifier.", \.project),
            .argument("FOLDER", "Where to make it; a folder NAME right here unless given.", \.folder),
            .value(
                "--strait", "PATH", "The checkout of Strait to depend on; the one of this program unless given.",
                \.checkout),
        ]
    }

    var project = ""
    var folder: String?
    var checkout: String?

    func run(_ context: CommandContext) async throws {
        let name = try ProjectName(project)
        let place = FileManager.default.currentDirectoryPath
        let checkout =
            if let path = self.checkout {
                try Checkout(at: URL(filePath: path).path)
            } else {
                try Checkout(above: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            }
        let folder = try ProjectFolder(folder ?? name.module, in: place)
        let template = ProjectTemplate(
            name: name, strait: checkout.path(from: folder.path), secret: Self.secret(SystemRandomNumberGenerator()))
        try folder.write(template.files)
        context.print("Made the project \(name.module) in \(folder.path).")
        context.print("Run it:  cd \(folder.shellPath) && swift run \(name.module)")
        context.print("Test it: cd \(folder.shellPath) && swift test")
    }

    /// A key of 64 letters and digits, which need no quotes.
    static func secret(_ generator: some RandomNumberGenerator) -> String {
        var generator = generator
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return String((0..<64).map { _ in letters.randomElement(using: &generator)! })
    }
}
