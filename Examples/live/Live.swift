import ExampleLook
public import Strait

/// A message from a window.
public enum LiveCommand: Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case set, edit, done }

    /// Sets a cell.
    case set(cell: Cell, value: String)
    /// The user begins to edit a cell.
    case edit(cell: Cell)
    /// The user stops editing.
    case done
}

/// A message to the windows.
///
/// Every change of the table has a number, and the numbers increase. A new window receives the whole table as
/// `welcome`, which includes all changes up to its number. Of two changes of a cell, the one with the higher number
/// wins, in any order of arrival.
public enum LiveEvent: Codable, Sendable, Equatable {
    case welcome(number: Int, window: Int, rows: [Row], editors: [Editor])
    case changed(number: Int, cell: Cell, value: String, window: Int)
    /// A window edits a cell, or stopped editing.
    case editing(number: Int, window: Int, cell: Cell?)
    /// Sent to one window: why a value was refused, and the current value.
    case refused(cell: Cell?, value: String?, message: String)
}

/// One window that shows the table: `/ws/live/`.
public final class Live: JSONConsumer<LiveCommand, LiveEvent> {
    private var window: Int?
    private var table: SharedTable { get throws { try service() } }

    /// Joins the group before it reads the table, so that the window misses no change. Changes between the join and the
    /// welcome arrive twice; the window recognizes them by their number.
    public override func connect() async throws {
        accept()
        let table = try table
        try await join(table.group)
        let (window, welcome) = table.change { $0.enter() }
        self.window = window
        try send(welcome)
    }

    public override func receive(_ command: LiveCommand) async throws {
        guard let window else { return }
        let table = try table
        switch command {
        case .set(let cell, let value):
            do {
                let event = try table.change { (table) throws(ValueError) in
                    try table.set(cell, to: value, by: window)
                }
                try await groupSend(table.group, event)
            } catch let error as ValueError {
                try send(.refused(cell: cell, value: table.change { $0[cell] }, message: error.description))
            }
        case .edit(let cell): try await edit(cell)
        case .done: try await edit(nil)
        }
    }

    private func edit(_ cell: Cell?) async throws {
        guard let window, let event = try table.change({ $0.edit(cell, by: window) }) else { return }
        try await groupSend(try table.group, event, except: self)
    }

    /// Reports invalid JSON, an unexpected shape, or an unknown cell.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.refused(cell: nil, value: nil, message: error.description))
    }

    public override func disconnect(_ close: Close) async throws {
        guard let window, let event = try table.change({ $0.edit(nil, by: window) }) else { return }
        try await groupSend(try table.group, event)
    }
}

/// The live table as an app.
public struct LiveApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}

    /// Creates the table, which all windows share.
    public func services(_ settings: Settings) -> [any Service] { [SharedTable()] }

    /// The page, its socket, and the page that shows the source.
    @RouteBuilder public var routes: [Route] {
        path("live/", methods: [.get], name: "live:page") { request in try request.page("live/live.html") }
        path("ws/live/", Live())
        path(
            "live/source/",
            Reader(title: "Source", program: "Live", page: "live:page", files, ending: ".swift"),
            name: "live:source")
    }
}
