import StraitTemplates

/// The templates of a target, from its folder or compiled in. Both find the same names.
struct AppTemplates: TemplateLoader {
    enum Place: Sendable {
        case folder(FolderLoader)
        case embedded(AppFiles)
    }

    private let place: Place

    init(_ place: Place) { self.place = place }

    func origins(of name: String) -> [TemplateOrigin] {
        // The plugin skips hidden files.
        guard !name.utf8.split(separator: 0x2F).contains(where: { $0.first == 0x2E }) else { return [] }
        switch place {
        case .folder(let loader): return loader.origins(of: name)
        case .embedded(let files):
            return [TemplateOrigin(name: "\(files.folder ?? "")/Templates/\(name) (compiled in)", template: name)]
        }
    }

    func text(of origin: TemplateOrigin) throws(TemplateError) -> String? {
        switch place {
        case .folder(let loader): return try loader.text(of: origin)
        case .embedded(let files):
            guard let bytes = files["Templates/" + origin.template] else { return nil }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TemplateError(.unreadable, "\(origin.name) is not UTF-8. Save it in that encoding.")
            }
            return text
        }
    }

    func version(of origin: TemplateOrigin) -> String? {
        switch place {
        case .folder(let loader): loader.version(of: origin)
        // A compiled-in template never changes. A missing one has no version.
        case .embedded(let files): files["Templates/" + origin.template] == nil ? nil : ""
        }
    }
}
