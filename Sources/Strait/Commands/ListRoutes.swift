import StraitHTTP
import StraitRouting

/// Lists the paths of the site's pages and sockets, and the channels of its workers; `show_urls` of django-extensions.
struct ListRoutes: Command {
    static let name = "routes"
    static let summary = "Lists the site's paths and its workers' channels."
    static let startsServices = false

    func run(_ context: CommandContext) async throws {
        let application = try context.compose().application
        let rows = application.urlPatterns.map { pattern in
            [
                Self.kind(pattern), "/" + pattern.text, pattern.qualifiedName ?? "-", pattern.handler,
            ]
        }
        let channels = application.channelNames.map { ["channel", $0, "-", ""] }
        for row in Self.aligned(rows + channels) { context.print(row) }
    }

    private static func kind(_ pattern: URLPattern) -> String {
        switch pattern.kind {
        case .webSocket: "socket"
        case .channel: "channel"
        case .http, nil: pattern.methods.map { $0.fieldValue.split(separator: ", ").joined(separator: ",") } ?? "page"
        }
    }

    /// Pads the columns to equal widths.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
