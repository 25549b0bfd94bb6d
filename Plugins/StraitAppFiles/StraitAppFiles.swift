import Foundation
import PackagePlugin

/// A build plugin that embeds the files of a target's `Templates` and `Static` folders in the target, for its apps to
/// serve. It also lists the target's models and migrations, so that no app has to.
///
/// The files are inputs of the build, so the next build notices added, changed and removed files. SwiftPM does not
/// report them as unhandled files of the target.
@main struct StraitAppFiles: BuildToolPlugin {
    private static let roots = ["Templates", "Static"]
    private static let list = "Embedded.txt"

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL
        let roots = Self.roots.map { folder.appending(path: $0) }
        var sources: [URL] = []
        if let module = target as? any SourceModuleTarget {
            sources = module.sourceFiles.filter { $0.type == .source && $0.url.pathExtension == "swift" }.map(\.url)
            // Folders that the target excludes are still embedded.
            for file in module.sourceFiles where file.type == .source {
                for root in roots where file.url.path.hasPrefix(root.path + "/") {
                    Diagnostics.error(
                        """
                        \(file.url.path) would be compiled. Add exclude: [\"\(root.lastPathComponent)\"] to the target \
                        \(target.name).
                        """
                    )
                }
            }
        }
        let output = context.pluginWorkDirectoryURL.appending(path: "StraitAppFiles.swift")
        let package = context.package.directoryURL
        return [
            .buildCommand(
                displayName: "Embedding the files of \(target.name)",
                executable: try context.tool(named: "StraitEmbedder").url,
                arguments: [folder.path, package.path, output.path] + sources.map(\.path),
                inputFiles: roots.flatMap(files) + listed(in: folder, of: package) + sources, outputFiles: [output])
        ]
    }

    /// The files in `folder` and its subfolders.
    private func files(in folder: URL) -> [URL] {
        guard let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return all.compactMap { $0 as? URL }.filter { isFile($0) }
    }

    /// `Embedded.txt` and the further files that it lists.
    private func listed(in folder: URL, of package: URL) -> [URL] {
        let list = folder.appending(path: Self.list)
        guard let text = try? String(contentsOf: list, encoding: .utf8) else { return [] }
        let names = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        return [list] + names.filter { !$0.isEmpty }.map { package.appending(path: $0) }.filter { isFile($0) }
    }

    private func isFile(_ url: URL) -> Bool {
        (try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
}
