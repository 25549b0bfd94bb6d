import Foundation
import StraitCommandLine

/// A folder that has Strait's sources, for a project to depend on.
struct Checkout: Hashable {
    /// Absolute, without symbolic links.
    let path: String

    /// The checkout at `path`.
    init(at path: String) throws(CommandError) {
        guard Self.isCheckout(path) else {
            throw CommandError(
                "There is no checkout of Strait at \(path). Give --strait the folder that has Strait's Package.swift.")
        }
        self.path = URL(filePath: path).resolvingSymlinksInPath().path
    }

    /// The checkout that the program at `path` was built in.
    init(above path: String) throws(CommandError) {
        if let checkout = Checkout(around: path) {
            self = checkout
            return
        }
        throw CommandError(
            "\(path) does not lie in a checkout of Strait, which a project depends on. Say where there is one with --strait PATH."
        )
    }

    /// The checkout that a folder at `path` would be in; nil if it would be in none.
    init?(around path: String) {
        var folder = URL(filePath: path).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            if Self.isCheckout(folder.path) {
                self.path = folder.path
                return
            }
        }
        return nil
    }

    /// The folder `name` beside the checkout, as it is called from `place`.
    func folderBeside(_ name: String, from place: String) -> String {
        if URL(filePath: place).resolvingSymlinksInPath().path == path { return "../" + name }
        return URL(filePath: path).deletingLastPathComponent().appending(path: name).path
    }

    /// The path of the checkout in the manifest of a project in `folder`: relative if they lie near each other and are
    /// likely to be moved together, which is below the folder that the checkout lies in.
    func path(from folder: String) -> String {
        let here = Self.components(path)
        let there = Self.components(folder)
        let common = zip(here, there).prefix { $0 == $1 }.count
        guard common > 0, common >= here.count - 1, there.count > common else { return path }
        return (Array(repeating: "..", count: there.count - common) + here[common...]).joined(separator: "/")
    }

    private static func components(_ path: String) -> [Substring] { path.split(separator: "/") }

    /// Whether the folder at `path` has Strait's manifest.
    static func isCheckout(_ path: String) -> Bool {
        guard let manifest = try? String(contentsOfFile: path + "/Package.swift", encoding: .utf8) else { return false }
        return manifest.contains(/\bPackage\(\s*name:\s*"strait"/)
    }
}
