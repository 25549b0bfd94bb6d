import FoundationEssentials
import StraitTemplates
import StraitWeb

/// The templates and static files of the site or an app.
struct PartFiles: Sendable {
    /// Additional loaders, which take precedence over the folder.
    let templates: [any TemplateLoader]
    let staticFiles: [StaticSource]
    /// The files of the target's folder.
    let folder: AppFiles
}

extension [PartFiles] {
    /// Returns the template loaders, in order.
    ///
    /// - Parameter isDebug: Whether to read folders instead of compiled-in files.
    func templates(isDebug: Bool) -> [any TemplateLoader] {
        withFolders.flatMap { files, folder in
            files.templates + (folder.map { [$0.templates(isDebug: isDebug)] } ?? [])
        }
    }

    /// Returns the sources of static files, in order.
    ///
    /// - Parameters:
    ///   - isDebug: Whether to read folders instead of compiled-in files.
    ///   - listing: Whether to omit missing folders.
    func staticSources(isDebug: Bool, listing: Bool) -> [StaticSource] {
        withFolders.flatMap { files, folder -> [StaticSource] in
            guard let source = folder?.staticFiles(isDebug: isDebug) else { return files.staticFiles }
            if listing, case .folder(let path) = source, !FileManager.default.fileExists(atPath: path) {
                return files.staticFiles
            }
            return files.staticFiles + [source]
        }
    }

    /// The folders that the server reads for each request with `DEBUG`.
    var watchedFolders: Set<String> { Set(flatMap(\.folder.watchedFolders)) }

    /// Each part with its folder. The folder is nil if there is none, or if an earlier part belongs to the same target.
    private var withFolders: [(PartFiles, AppFiles?)] {
        var taken: Set<String> = []
        return map { files in
            guard let path = files.folder.folder, taken.insert(path).inserted else { return (files, nil) }
            return (files, files.folder)
        }
    }
}
