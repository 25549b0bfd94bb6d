import Foundation
import StraitCommandLine

/// A folder with Strait's sources, on which a project depends.
struct Checkout: Hashable {
    /// The absolute path, with symbolic links resolved.
    let path: String

    /// Creates a checkout from its path.
    init(at path: String) throws(CommandError) {
        guard Self.isCheckout(path) else {
            throw CommandError(
                "There is no checkout of Strait at \(path). Give --strait the folder that has Strait's Package.swift.")
        }
        self.path = URL(filePath: path).resolvingSymlinksInPath().path
    }

    /// Finds the checkout that contains the program at `path`.
    init(above path: String) throws(CommandError) {
        if let checkout = Checkout(around: path) {
            self = checkout
            return
        }
        throw CommandError(
            "\(path) is not in a checkout of Strait, which projects depend on. Give a checkout with --strait PATH.")
    }

    /// Finds the checkout around `path`, which need not exist. Returns nil if there is none.
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

    /// Returns the path of the folder `name` beside the checkout, as a user in `place` would write it.
    func folderBeside(_ name: String, from place: String) -> String {
        if URL(filePath: place).resolvingSymlinksInPath().path == path { return "../" + name }
        return URL(filePath: path).deletingLastPathComponent().appending(path: name).path
    }

    /// Returns the checkout's path for the manifest of a project in `folder`. It is relative if the project is below
    /// the checkout's parent folder, since both are then likely to be moved together.
    func path(from folder: String) -> String {
        let here = Self.components(path)
        let there = Self.components(folder)
        let common = zip(here, there).prefix { $0 == $1 }.count
        guard common > 0, common >= here.count - 1, there.count > common else { return path }
        return (Array(repeating: "..", count: there.count - common) + here[common...]).joined(separator: "/")
    }

    private static func components(_ path: String) -> [Substring] { path.split(separator: "/") }

    /// Whether the folder at `path` contains Strait's manifest.
    static func isCheckout(_ path: String) -> Bool {
        guard let manifest = try? String(contentsOfFile: path + "/Package.swift", encoding: .utf8) else { return false }
        return manifest.contains(/\bPackage\(\s*name:\s*"strait"/)
    }
}
