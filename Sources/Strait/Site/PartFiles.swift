import FoundationEssentials
import StraitTemplates
import StraitWeb

/// The templates and static files of the site or of an app.
struct PartFiles: Sendable {
    /// Those from elsewhere, which come first.
    let templates: [any TemplateLoader]
    let staticFiles: [StaticSource]
    /// Those of the target's folder.
    let folder: AppFiles
}

extension [PartFiles] {
    /// The loaders of templates, in order.
    ///
    /// - Parameter isDebug: Whether folders are read rather than the files that are compiled in.
    func templates(isDebug: Bool) -> [any TemplateLoader] {
        withFolders.flatMap { files, folder in
            files.templates + (folder.map { [$0.templates(isDebug: isDebug)] } ?? [])
        }
    }

    /// The sources of static files, in order.
    ///
    /// - Parameters:
    ///   - isDebug: Whether folders are read rather than the files that are compiled in.
    ///   - listing: Whether all folders have to exist.
    func staticSources(isDebug: Bool, listing: Bool) -> [StaticSource] {
        withFolders.flatMap { files, folder -> [StaticSource] in
            guard let source = folder?.staticFiles(isDebug: isDebug) else { return files.staticFiles }
            if listing, case .folder(let path) = source, !FileManager.default.fileExists(atPath: path) {
                return files.staticFiles
            }
            return files.staticFiles + [source]
        }
    }

    /// The folders that are read with each request with `DEBUG`.
    var watchedFolders: Set<String> { Set(flatMap(\.folder.watchedFolders)) }

    /// Each part with its folder, which is nil if there is none, or if the part before is of the same target.
    private var withFolders: [(PartFiles, AppFiles?)] {
        var taken: Set<String> = []
        return map { files in
            guard let path = files.folder.folder, taken.insert(path).inserted else { return (files, nil) }
            return (files, files.folder)
        }
    }
}
