import Foundation
import Testing

@testable import ExampleLive

/// A table in a class, because an expectation cannot mutate a value.
private final class OpenTable {
    private var table = Table()

    subscript(cell: Cell) -> String { table[cell] }
    func enter() -> (window: Int, welcome: LiveEvent) { table.enter() }
    func edit(_ cell: Cell?, by window: Int) -> LiveEvent? { table.edit(cell, by: window) }
    func set(_ cell: Cell, to text: String, by window: Int) throws(ValueError) -> LiveEvent {
        try table.set(cell, to: text, by: window)
    }
}

@Suite struct TableTests {
    private func welcome(_ event: LiveEvent) throws -> (number: Int, rows: [Row], editors: [Editor]) {
        guard case .welcome(let number, _, let rows, let editors) = event else {
            throw CocoaError(.featureUnsupported)
        }
        return (number, rows, editors)
    }

    private func number(_ event: LiveEvent?) -> Int? {
        switch event {
        case .changed(let number, _, _, _), .editing(let number, _, _): number
        default: nil
        }
    }

    @Test func `a late window receives the whole table and all editors`() throws {
        let table = OpenTable()
        let first = table.enter()
        let cell = Cell(.price, 2)
        let changed = try table.set(cell, to: "7", by: first.window)
        let editing = table.edit(cell, by: first.window)
        let late = table.enter()
        let (number, rows, editors) = try welcome(late.welcome)
        #expect(late.window == first.window + 1)
        #expect(rows.count == Table.rowCount && rows[2].price == "7.00")
        #expect(editors == [Editor(window: first.window, cell: cell)])
        // The welcome has the number of the latest change that it includes.
        #expect(self.number(changed) == 1 && self.number(editing) == 2 && number == 2)
    }

    @Test func `the last of two changes to a cell applies and has the higher number`() throws {
        let table = OpenTable()
        let cell = Cell(.item, 0)
        let first = try table.set(cell, to: "Cocoa", by: 1)
        let second = try table.set(cell, to: "Milk", by: 2)
        #expect(table[cell] == "Milk")
        #expect(try #require(number(first)) < #require(number(second)))
    }

    @Test func `an invalid value changes nothing`() {
        let table = OpenTable()
        let cell = Cell(.quantity, 1)
        let before = table[cell]
        #expect(throws: ValueError.quantity) { try table.set(cell, to: "many", by: 1) }
        #expect(table[cell] == before)
    }

    @Test func `a window edits one cell at a time, and a repeated edit causes no event`() throws {
        let table = OpenTable()
        #expect(table.edit(nil, by: 1) == nil)
        #expect(table.edit(Cell(.item, 0), by: 1) != nil)
        #expect(table.edit(Cell(.item, 0), by: 1) == nil)
        #expect(table.edit(Cell(.item, 1), by: 1) != nil)
        #expect(try welcome(table.enter().welcome).editors == [Editor(window: 1, cell: Cell(.item, 1))])
        #expect(table.edit(nil, by: 1) != nil)
        #expect(try welcome(table.enter().welcome).editors.isEmpty)
    }

    @Test(
        arguments: [
            (.item, " Oat  milk ", "Oat milk"), (.item, "<b>", "<b>"), (.quantity, "007", "7"),
            (.quantity, "9999", "9999"),
            (.price, "3", "3.00"), (.price, "3.5", "3.50"), (.price, "3,", "3.00"), (.price, "0012.34", "12.34"),
            (.price, "99999.99", "99999.99"),
        ] as [(Cell.Column, String, String)])
    func `a value is stored in its canonical form`(column: Cell.Column, text: String, value: String) throws {
        #expect(try column.value(of: text) == value)
    }

    @Test(
        arguments: [
            (.item, ""), (.item, "  "), (.item, "a\u{0}b"), (.item, String(repeating: "a", count: 41)), (.quantity, ""),
            (.quantity, "-1"), (.quantity, "10000"), (.quantity, "1.5"), (.quantity, "٣"),
            (.quantity, "99999999999999999999"),
            (.price, ""), (.price, "-1"), (.price, "1.234"), (.price, "100000"), (.price, "1e3"), (.price, "."),
            (.price, "٣"),
            (.price, "nan"),
        ] as [(Cell.Column, String)])
    func `other values are rejected`(column: Cell.Column, text: String) {
        #expect(throws: ValueError.self) { try column.value(of: text) }
    }

    @Test func `a cell is one string in JSON`() throws {
        let cell = Cell(.price, 2)
        #expect(try String(decoding: JSONEncoder().encode([cell]), as: UTF8.self) == #"["price-2"]"#)
        #expect(try JSONDecoder().decode([Cell].self, from: Data(#"["price-2"]"#.utf8)) == [cell])
    }

    @Test(arguments: [
        "", "price", "price-", "price-6", "price--1", "total-1", "price-99999999999999999999", "price-1-1",
    ])
    func `the name of a cell that does not exist is rejected`(word: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Cell].self, from: Data(#"["\#(word)"]"#.utf8)) }
    }
}
