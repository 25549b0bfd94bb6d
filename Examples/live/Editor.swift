/// A window that edits a cell.
public struct Editor: Codable, Sendable, Equatable {
    let window: Int
    let cell: Cell
}
