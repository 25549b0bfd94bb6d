import ExampleLook
public import Strait

/// What a window says.
public enum LiveCommand: Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case set, edit, done }

    /// Sets a cell.
    case set(cell: Cell, value: String)
    /// Somebody is about to change a cell, and is not any more.
    case edit(cell: Cell)
    case done
}

/// What the windows are told.
///
/// What changes the table has a number, which counts up. A window that comes late is told the whole table, `welcome`; what
/// has a number up to that one's is in it already. Of two changes of one cell the higher number wins, in whichever order
/// they arrive.
public enum LiveEvent: Codable, Sendable, Equatable {
    case welcome(number: Int, window: Int, rows: [Row], editors: [Editor])
    case changed(number: Int, cell: Cell, value: String, window: Int)
    /// A window edits a cell, or none.
    case editing(number: Int, window: Int, cell: Cell?)
    /// Told to one alone: why a value was not taken, and which one holds.
    case refused(cell: Cell?, value: String?, message: String)
}

/// One window that shows the table: `/ws/live/`.
public final class Live: JSONConsumer<LiveCommand, LiveEvent> {
    private var window: Int?
    private var table: SharedTable { get throws { try service() } }

    /// Joins first and looks at the table then. From the join on, all that happens to the table is passed on to the window,
    /// so nothing can be missed. The table is changed first and the group told after: what happened between the join and
    /// the welcome arrives too and is in the welcome already, which its number says.
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

    /// No JSON, another shape, or a cell that there is not.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.refused(cell: nil, value: nil, message: error.description))
    }

    public override func disconnect(_ close: Close) async throws {
        guard let window, let event = try table.change({ $0.edit(nil, by: window) }) else { return }
        try await groupSend(try table.group, event)
    }
}

/// The program as an app, for a site to install.
public struct LiveApp: App {
    public init() {}

    public func services(_ settings: Settings) -> [any Service] { [SharedTable()] }

    @RouteBuilder public var routes: [Route] {
        path("live/", methods: [.get], name: "live:page") { request in try request.page("live/live.html") }
        path("ws/live/", Live())
        path(
            "live/source/",
            Reader(title: "Source", program: "Live", page: "live:page", files, ending: ".swift"),
            name: "live:source")
    }
}
