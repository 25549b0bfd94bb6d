public import Strait

/// A page that shows the text of files: an example's source, or its tutorial.
public struct Reader: GetView {
    private let values: [String: TemplateValue]

    /// - Parameters:
    ///   - program: What the example is called.
    ///   - page: The name of its page's route, to link back to.
    ///   - files: The files, by their paths in the package.
    public init(title: String, program: String, page: String, _ files: KeyValuePairs<String, [UInt8]>) {
        let files = files.map { path, text in
            TemplateValue.dictionary([
                "path": .string(path), "text": .string(String(decoding: text, as: UTF8.self)),
                "is_prose": .bool(path.hasSuffix(".md")),
            ])
        }
        values = ["title": .string(title), "program": .string(program), "page": .string(page), "files": .list(files)]
    }

    public func get(_ request: Request) async throws -> Response {
        try request.page("look/reader.html", values)
    }
}
