/// Prints which paths the site answers, pages and sockets alike, and which channels its workers read.
struct ListRoutes: Command {
    static let name = "routes"
    static let summary = "Lists the site's paths, and the channels of its workers."

    func run(_ context: CommandContext) async throws {
        let application = try context.site.application
        let rows = application.urlPatterns.map { pattern in
            (
                kind: pattern.kind.map { "\($0)".lowercased() } ?? "any", text: "/" + pattern.text,
                name: pattern.qualifiedName
            )
        }
        let column = (rows.map(\.text.count).max() ?? 0) + 2
        for row in rows {
            let kind = row.kind + String(repeating: " ", count: max(1, 11 - row.kind.count))
            let name = row.name.map { String(repeating: " ", count: column - row.text.count) + $0 } ?? ""
            context.print(kind + row.text + name)
        }
        for channel in application.channelNames { context.print("channel    " + channel) }
    }
}
