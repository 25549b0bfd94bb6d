import Foundation
import Strait
import StraitTesting
import Testing

@testable import ExampleLive

/// A window's view of the table, built by the same rules as in the page's script.
private struct TableView {
    private var cells: [Cell: String] = [:]
    private var numbers: [Cell: Int] = [:]

    init(_ welcome: LiveEvent) {
        guard case .welcome(let number, _, let rows, _) = welcome else { return }
        for (index, row) in rows.enumerated() {
            for column in Cell.Column.allCases {
                cells[Cell(column, index)] = row[column]
                numbers[Cell(column, index)] = number
            }
        }
    }

    mutating func apply(_ event: LiveEvent) {
        guard case .changed(let number, let cell, let value, _) = event, number > numbers[cell] ?? .max else { return }
        numbers[cell] = number
        cells[cell] = value
    }

    subscript(cell: Cell) -> String? { cells[cell] }
}

@Suite struct LiveTests {
    /// The test's own table.
    private let table = SharedTable()
    private let services: Services

    init() throws { services = try Services([ChannelLayers(), table]) }

    private func enter() async throws -> (socket: WebSocketCommunicator, window: Int, welcome: LiveEvent) {
        let socket = try WebSocketCommunicator([path("ws/live/", Live())], "/ws/live/", services: services)
        #expect(try await socket.connect().isAccepted)
        let welcome: LiveEvent = try await socket.receiveJSON()
        guard case .welcome(_, let window, _, _) = welcome else { throw CocoaError(.featureUnsupported) }
        return (socket, window, welcome)
    }

    @Test func `a change reaches all windows, including the one that made it`() async throws {
        let ann = try await enter()
        let bob = try await enter()
        let cell = Cell(.price, 1)
        try await ann.socket.send(json: LiveCommand.set(cell: cell, value: "5,5"))
        let changed = LiveEvent.changed(number: 1, cell: cell, value: "5.50", window: ann.window)
        #expect(try await ann.socket.receiveJSON() == changed)
        #expect(try await bob.socket.receiveJSON() == changed)
        #expect(table.change { $0[cell] } == "5.50")
    }

    @Test func `other windows, and those opened later, see which window edits which cell`() async throws {
        let ann = try await enter()
        let bob = try await enter()
        let cell = Cell(.item, 0)
        try await ann.socket.send(json: LiveCommand.edit(cell: cell))
        #expect(
            try await bob.socket.receiveJSON()
                == LiveEvent.editing(number: 1, window: ann.window, cell: cell))
        guard case .welcome(1, _, _, [Editor(window: ann.window, cell: cell)]) = try await enter().welcome else {
            return #expect(Bool(false))
        }
        // A lost window stops editing.
        try await ann.socket.abort()
        #expect(
            try await bob.socket.receiveJSON()
                == LiveEvent.editing(number: 2, window: ann.window, cell: nil))
    }

    @Test func `if two windows set a cell, the last value wins in both`() async throws {
        let ann = try await enter()
        let bob = try await enter()
        let cell = Cell(.item, 3)
        var views = [TableView(ann.welcome), TableView(bob.welcome)]
        try await ann.socket.send(json: LiveCommand.set(cell: cell, value: "Rye"))
        views[1].apply(try await bob.socket.receiveJSON())
        try await bob.socket.send(json: LiveCommand.set(cell: cell, value: "Wheat"))
        views[1].apply(try await bob.socket.receiveJSON())
        for _ in 0..<2 { views[0].apply(try await ann.socket.receiveJSON()) }
        #expect(views.map { $0[cell] } == ["Wheat", "Wheat"])
    }

    @Test func `the error for an invalid value reaches its sender only, with the current value`() async throws {
        let ann = try await enter()
        let bob = try await enter()
        let cell = Cell(.quantity, 0)
        try await bob.socket.send(json: LiveCommand.set(cell: cell, value: "many"))
        #expect(
            try await bob.socket.receiveJSON()
                == LiveEvent.refused(cell: cell, value: "2", message: "A quantity is a whole number from 0 to 9999."))
        for text in ["{", #"{"type":"set","cell":"price-9","value":"1"}"#, #"{"type":"edit"}"#] {
            try await bob.socket.send(text: text)
            guard case .refused(nil, nil, _) = try await bob.socket.receiveJSON(as: LiveEvent.self) else {
                return #expect(Bool(false))
            }
        }
        try await bob.socket.send(json: LiveCommand.set(cell: cell, value: "3"))
        #expect(
            try await ann.socket.receiveJSON()
                == LiveEvent.changed(number: 1, cell: cell, value: "3", window: bob.window))
    }

    /// Each communicator has its own event loop, so the table is used from all of them at once.
    @Test func `windows that open and edit concurrently all see the same table in the end`() async throws {
        let first = try await enter()
        let windows = try await withThrowingTaskGroup { group in
            for index in 0..<6 {
                group.addTask {
                    let (socket, _, welcome) = try await enter()
                    var view = TableView(welcome)
                    for change in 0..<20 {
                        let cell = Cell(.quantity, change % 2)
                        try await socket.send(json: LiveCommand.set(cell: cell, value: "\(index * 100 + change)"))
                    }
                    // When this change arrives, all earlier changes of this window have arrived.
                    let mark = Cell(.item, index)
                    try await socket.send(json: LiveCommand.set(cell: mark, value: "Done"))
                    while view[mark] != "Done" { view.apply(try await socket.receiveJSON()) }
                    return (socket, view)
                }
            }
            return try await group.reduce(into: [(first.socket, TableView(first.welcome))]) { $0.append($1) }
        }
        let end = Cell(.price, 5)
        try await first.socket.send(json: LiveCommand.set(cell: end, value: "99"))
        for (socket, before) in windows {
            var view = before
            while view[end] != "99.00" { view.apply(try await socket.receiveJSON()) }
            for row in 0..<Table.rowCount {
                for column in Cell.Column.allCases {
                    let cell = Cell(column, row)
                    #expect(view[cell] == table.change { $0[cell] })
                }
            }
        }
    }
}
