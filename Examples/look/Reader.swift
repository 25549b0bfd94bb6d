public import Strait

/// A page that shows the text of files: an example's source, or its tutorial.
public struct Reader: GetView {
    private let values: [String: TemplateValue]

    /// - Parameters:
    ///   - program: What the example is called.
    ///   - page: The name of its page's route, to link back to.
    ///   - files: The files of the example, some of which are listed in its `Embedded.txt`.
    ///   - ending: The ending of the files to show, by their paths in the package.
    public init(title: String, program: String, page: String, _ files: AppFiles, ending: String) {
        let files = files.names.filter { $0.hasSuffix(ending) && !$0.hasPrefix("Static/") }.map { path in
            TemplateValue.dictionary([
                "path": .string(path), "text": .string(files[path].map { String(decoding: $0, as: UTF8.self) } ?? ""),
                "is_prose": .bool(path.hasSuffix(".md")),
            ])
        }
        values = ["title": .string(title), "program": .string(program), "page": .string(page), "files": .list(files)]
    }

    public func get(_ request: Request) async throws -> Response {
        try request.page("look/reader.html", values)
    }
}
