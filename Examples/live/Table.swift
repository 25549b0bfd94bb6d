/// The table that all windows show, and the cells being edited.
struct Table {
    static let rowCount = 6

    /// The number of the latest change.
    private var number = 0
    private var windows = 0
    private var rows = [
        Row(item: "Coffee", quantity: "2", price: "6.90"), Row(item: "Tea", quantity: "1", price: "4.50"),
        Row(item: "Oat milk", quantity: "6", price: "1.95"), Row(item: "Bread", quantity: "1", price: "3.80"),
        Row(item: "Apples", quantity: "12", price: "0.45"), Row(item: "Candles", quantity: "4", price: "2.25"),
    ]
    private var editors: [Int: Cell] = [:]

    subscript(cell: Cell) -> String { rows[cell.row][cell.column] }

    /// Adds a window. Returns its number and the current table.
    mutating func enter() -> (window: Int, welcome: LiveEvent) {
        windows += 1
        let editors = editors.map { Editor(window: $0.key, cell: $0.value) }.sorted { $0.window < $1.window }
        return (windows, .welcome(number: number, window: windows, rows: rows, editors: editors))
    }

    /// Sets a cell. The last writer wins.
    ///
    /// - Returns: The event for the windows.
    mutating func set(_ cell: Cell, to text: String, by window: Int) throws(ValueError) -> LiveEvent {
        let value = try cell.column.value(of: text)
        rows[cell.row][cell.column] = value
        number += 1
        return .changed(number: number, cell: cell, value: value, window: window)
    }

    /// Records the cell that a window edits, if any.
    ///
    /// - Returns: The event for the windows, or nil if nothing changed.
    mutating func edit(_ cell: Cell?, by window: Int) -> LiveEvent? {
        guard editors[window] != cell else { return nil }
        editors[window] = cell
        number += 1
        return .editing(number: number, window: window, cell: cell)
    }
}
