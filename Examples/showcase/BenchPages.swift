import Strait

/// The benchmark pages: a line of text, and a template with a table of 50 rows. Django and Starlette serve the same.
struct BenchApp: App {
    var templates: [any TemplateLoader] { [FolderLoader("Benchmarks/web")] }

    var routes: [Route] {
        path("bench/plain/") { _ in .text("Hello, world!") }
        path("bench/table/") { request in
            try request.render("table.html", ["title": "Prices & rows", "rows": .list(Self.rows)])
        }
    }

    private static let rows = (0..<50).map { number in
        TemplateValue.dictionary([
            "number": .int(number), "name": .string("<Row> \(number)"), "price": .double(Double(number) * 1.25),
            "sold": .bool(number % 3 == 0),
        ])
    }
}
