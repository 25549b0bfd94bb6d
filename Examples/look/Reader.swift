public import Strait

/// A page that shows the text of files: an example's source, or its tutorial.
public struct Reader: GetView {
    private let values: [String: TemplateValue]

    /// - Parameters:
    ///   - title: The page's title.
    ///   - program: The example's name.
    ///   - page: The name of the route to link back to.
    ///   - files: The example's files, including those in its `Embedded.txt`.
    ///   - ending: The file extension to show, such as `.swift`.
    public init(title: String, program: String, page: String, _ files: AppFiles, ending: String) {
        let files = files.names.filter { $0.hasSuffix(ending) && !$0.hasPrefix("Static/") }.map { path in
            TemplateValue.dictionary([
                "path": .string(path), "text": .string(files[path].map { String(decoding: $0, as: UTF8.self) } ?? ""),
                "is_prose": .bool(path.hasSuffix(".md")),
            ])
        }
        values = ["title": .string(title), "program": .string(program), "page": .string(page), "files": .list(files)]
    }

    /// Renders the files as a page.
    public func get(_ request: Request) async throws -> Response {
        try request.page("look/reader.html", values)
    }
}
