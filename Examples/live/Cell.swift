/// The position of a value in the table. In JSON, `price-2` is the price in the third row.
public struct Cell: Codable, Sendable, Hashable {
    enum Column: String, CaseIterable { case item, quantity, price }

    let column: Column
    let row: Int

    init(_ column: Column, _ row: Int) {
        self.column = column
        self.row = row
    }

    /// Decodes a name such as `price-2`.
    ///
    /// - Throws: `DecodingError` if the table has no such cell.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let parts = try container.decode(String.self).split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let column = Column(rawValue: String(parts[0])), let row = Int(parts[1]),
            (0..<Table.rowCount).contains(row)
        else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "Unknown cell: expected a name such as price-2.")
        }
        self.init(column, row)
    }

    /// Encodes the name, such as `price-2`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("\(column.rawValue)-\(row)")
    }
}
